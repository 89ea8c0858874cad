package org.legosim.kernel.storage;

import org.legosim.kernel.rpc.Request;

/** What a request for a file or a path means to a machine's files. */
final class RequestFiles {
  private static final long EPERM = -1;

  private final FileService service;
  private final FileIoPath io;

  RequestFiles(FileService service, FileIoPath io) {
    this.service = service;
    this.io = io;
  }

  /**
   * Pushes what the request asks for.
   *
   * @param isRemote a node asks that keeps no file open here: each call opens the file by its path, and
   *     data goes through the daemon's buffer
   * @return work that comes before it, in picoseconds
   */
  long call(Request request, boolean isRemote) {
    long openPs = isRemote ? service.open.charge() : 0;
    switch (request.opcode) {
      case M2S_READ, READ -> {
        if (request.length == 0) {
          io.callPath(0);
        } else {
          io.callRead(
              number(request),
              request.argument[Request.FILE_OFFSET],
              request.length,
              isRemote,
              isRemote);
        }
      }
      case M2S_WRITE, WRITE -> {
        if (request.length == 0) {
          io.callPath(0);
        } else {
          io.callWrite(
              number(request),
              request.argument[Request.FILE_OFFSET],
              request.length,
              isRemote,
              hasFlag(request, Request.FILE_SYNC));
        }
      }
      case FSYNC -> io.callSync(number(request));
      case M2S_REPLICA_FLUSH -> {
        service.counters.replicaFlushes++;
        append(request);
      }
      case M2S_REPLICA_VMA -> {
        service.counters.replicaVmas++;
        append(request);
      }
      case OPEN -> {
        open(request);
        io.callPath(isRemote ? 0 : service.open.charge());
      }
      case STAT, ACCESS, STATFS, READLINK, GETDENTS, M2S_LSEEK ->
        io.callPath(isRemote ? 0 : service.open.charge());
      case MKDIR, RMDIR -> io.callPath(service.changeDirectory.charge());
      case UNLINK -> {
        service.drop(number(request), 0);
        service.files.unlink(request.text);
        io.callPath(service.changeDirectory.charge());
      }
      case RENAME -> {
        service.files.rename(request.text, request.otherText);
        io.callPath(service.changeDirectory.charge());
      }
      case TRUNCATE -> {
        truncate(number(request), request.length);
        io.callPath(service.changeDirectory.charge());
      }
      default -> {
        request.status = EPERM;
        request.replyBytes = Request.ERROR_REPLY_BYTES;
        io.callPath(0);
      }
    }
    return openPs;
  }

  private int number(Request request) {
    return service.files.number(request.text);
  }

  private static boolean hasFlag(Request request, long flag) {
    return (request.argument[Request.FILE_FLAGS] & flag) != 0;
  }

  private void open(Request request) {
    if (hasFlag(request, Request.FILE_TRUNCATE)) {
      truncate(number(request), 0);
    }
  }

  private void truncate(int file, long length) {
    service.drop(file, length);
    service.files.truncate(file, length);
  }

  private void append(Request request) {
    int file = number(request);
    if (service.files.isUnknown(file)) {
      service.files.truncate(file, 0);
    }
    io.callWrite(file, service.files.length(file), request.length, true, false);
  }
}
