package org.legosim.kernel.storage;

import org.legosim.kernel.rpc.Request;
import org.legosim.timing.engine.ExecutionContext;
import org.legosim.timing.engine.Frame;
import org.legosim.timing.engine.KernelPath;

/**
 * A request for a file on a machine that has its drive itself, in place of the way to another node: the
 * same file service, called by whoever makes the call.
 *
 * <p>Left out: the CPU is not given to another thread while this one waits for the drive.
 */
public final class LocalFilesPath extends KernelPath {
  private static final int BEGIN = 0;
  private static final int SERVED = 1;

  private final ExecutionContext context;
  private final Request request;
  private final RequestFiles files;

  public LocalFilesPath(FileService service, ExecutionContext context, Request request) {
    super("local file system");
    this.context = context;
    this.request = request;
    this.files = new RequestFiles(service, new FileIoPath(service, context));
  }

  @Override
  public String stepName(int step) {
    return step == BEGIN ? "begin" : "files";
  }

  @Override
  public int resume(Frame frame) {
    if (frame.step == BEGIN) {
      frame.step = SERVED;
      request.startPs = context.nowPs();
      files.call(request, false);
      return CALL;
    }
    request.totalPs = context.nowPs() - request.startPs;
    request.storagePs = request.totalPs;
    return DONE;
  }
}
