package org.legosim.trace.capture;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.legosim.timing.OutputException;
import org.legosim.timing.TraceException;

/**
 * A capture whose blocks go to standard output while the program runs. The processes write them to a named pipe;
 * this process passes them on.
 */
final class StreamedCapture {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Capture capture;
  private final Path work;

  StreamedCapture(Capture capture, Path work) {
    this.capture = capture;
    this.work = work;
  }

  Capture.Outcome run(CaptureRequest request, ProgramFile program, String start)
      throws IOException {
    Path head = work.resolve("head");
    capture.startTrace(head, request, program);
    Path pipe = work.resolve("pipe");
    makePipe(pipe);
    QemuCommand.SharedFiles files = capture.files(pipe, work);
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write(Files.readAllBytes(head));
      PipeReader reader = new PipeReader(pipe, out);
      reader.start();
      Process process = capture.launch(request, program, start, files, true);
      int exitCode = Capture.waitFor(process);
      capture.waitForOthers(files.shared());
      long bytes = reader.finish();
      capture.forwardLog(files.log());
      if (bytes == 0) {
        throw new TraceException(program.path() + ": ended with exit code " + exitCode
            + " before anything was recorded");
      }
      return new Capture.Outcome(exitCode, bytes, Optional.empty());
    }
  }

  private static void makePipe(Path pipe) throws IOException {
    Process process =
        new ProcessBuilder(List.of("mkfifo", pipe.toString())).inheritIO().start();
    if (Capture.waitFor(process) != 0) {
      throw new OutputException(pipe + ": cannot make a named pipe for streaming");
    }
  }

  /** Copies the pipe until its last writer is gone. */
  private static final class PipeReader extends Thread {
    private final Path pipe;
    private final OutputStream out;
    private volatile String problem = "";
    private long copied;

    PipeReader(Path pipe, OutputStream out) {
      super("capture-stream");
      setDaemon(true);
      this.pipe = pipe;
      this.out = out;
    }

    @Override
    public void run() {
      byte[] buffer = new byte[BUFFER_BYTES];
      try (InputStream in = Files.newInputStream(pipe)) {
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
          pass(buffer, got);
          copied += got;
        }
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      }
    }

    /** After a failure the pipe is still drained: the program must not hang on it. */
    private void pass(byte[] buffer, int count) {
      if (!problem.isEmpty()) {
        return;
      }
      try {
        out.write(buffer, 0, count);
      } catch (IOException e) {
        problem = String.valueOf(e.getMessage());
      }
    }

    /** All writers have gone, or none ever came: opening the pipe both ways never blocks, and ends the wait. */
    long finish() throws IOException {
      FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      try {
        join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!problem.isEmpty()) {
        throw new OutputException("standard output: cannot take the trace: " + problem);
      }
      return copied;
    }
  }
}
