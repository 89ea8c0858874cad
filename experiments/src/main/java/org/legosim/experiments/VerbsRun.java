package org.legosim.experiments;

import org.legosim.configs.EffectiveConfig;
import org.legosim.configs.Systems;
import org.legosim.hardware.fabric.Operation;
import org.legosim.hardware.fabric.VerbsProgram;
import org.legosim.hardware.fabric.VerbsProgramParams;
import org.legosim.timing.engine.Simulation;

/** What the verbs experiments share: a program on the platform's adapters, alone. */
final class VerbsRun {
  static final double PS_PER_NS = 1000;
  private static final long BYTES_MOST = 1L << 30;

  private VerbsRun() {}

  static Operation operation(MeasuredRow row) {
    return switch (row.text("op", "write")) {
      case "write" -> Operation.WRITE;
      case "write-imm", "write-with-immediate" -> Operation.WRITE_IMMEDIATE;
      case "read" -> Operation.READ;
      case "send" -> Operation.SEND;
      case "send-ud", "ud-send" -> Operation.DATAGRAM;
      default -> throw new UnknownPointException("no operation " + row.text("op", ""));
    };
  }

  static int within(MeasuredRow row, String name, long fallback, long most) {
    long number = row.number(name, fallback);
    if (number < 1 || number > most) {
      throw new UnknownPointException(name + " is 1 to " + most + ", the row has " + number);
    }
    return (int) number;
  }

  static long bytes(MeasuredRow row) {
    long bytes = row.number("bytes", 4);
    if (bytes < 0 || bytes > BYTES_MOST) {
      throw new UnknownPointException("bytes is 0 to 1 GiB, the row has " + bytes);
    }
    return bytes;
  }

  static VerbsProgram run(EffectiveConfig config, VerbsProgram.Load load) {
    if (load.operation() == Operation.DATAGRAM
        && load.bytes() > Systems.bind(config).network().mtuBytes()) {
      throw new UnknownPointException("a datagram has no more than network.mtu bytes");
    }
    return VerbsProgram.run(
        new Simulation(0),
        Systems.bind(config).network().shape(load.queuePairs()),
        config.bind(VerbsProgramParams.class),
        load);
  }
}
