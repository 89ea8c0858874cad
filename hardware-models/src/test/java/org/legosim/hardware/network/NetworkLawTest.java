package org.legosim.hardware.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.legosim.hardware.Defaults;
import org.legosim.hardware.Seeds;
import org.legosim.timing.engine.Ledger;
import org.legosim.timing.engine.RandomStream;

/** Random traffic against a plain network that keeps every packet's times in lists. */
class NetworkLawTest {
  private static final int NODES = 4;

  private record Job(long nowPs, int source, int target, long bytes) {}

  /** One message of the plain network with the uplink start of each packet. */
  private static final class PlainMessage {
    final List<Long> uplinkStartPs = new ArrayList<>();
    final PacketTrain train;
    final Job job;

    PlainMessage(NetworkParams params, Job job) {
      this.job = job;
      train = new PacketTrain(params);
      train.select(job.bytes);
    }
  }

  private static final class PlainNetwork {
    final NetworkParams params;
    final long[][] free = new long[5][NODES];
    final PacketTrain rates;

    PlainNetwork(NetworkParams params) {
      this.params = params;
      rates = new PacketTrain(params);
    }

    long serve(int station, int node, long arrivalPs, long servicePs) {
      long startPs = Math.max(free[station][node], arrivalPs);
      free[station][node] = startPs + servicePs;
      return startPs;
    }

    PlainMessage transmit(Job job) {
      PlainMessage message = new PlainMessage(params, job);
      long readLatencyPs = params.readLatencyPs().value();
      long fetchedPs = job.nowPs + params.doorbellPs().value() + readLatencyPs + rates.readPs(64);
      long readyPs = serve(0, job.source, fetchedPs, params.messageIntervalPs().value())
          + params.nicSendPs().value();
      boolean isRead = job.bytes > params.inlineLimitBytes();
      for (long packet = 0; packet < message.train.packets(); packet++) {
        long inAdapterPs = readyPs;
        if (isRead) {
          long servicePs = message.train.readServicePs(packet);
          inAdapterPs = serve(1, job.source, readyPs, servicePs)
              + servicePs
              + readLatencyPs
              + message.train.bufferDelayPs(packet);
        }
        message.uplinkStartPs.add(
            serve(2, job.source, inAdapterPs, message.train.wireServicePs(packet)));
      }
      return message;
    }

    long deliver(PlainMessage message) {
      long writtenPs = 0;
      int node = message.job.target;
      for (int packet = 0; packet < message.uplinkStartPs.size(); packet++) {
        long wirePs = message.train.wireServicePs(packet);
        long headPs = params.propagationPs().value() + params.switchHopPs().value();
        long arrivedPs = serve(3, node, message.uplinkStartPs.get(packet) + headPs, wirePs)
            + wirePs
            + params.propagationPs().value();
        long servicePs = message.train.writeServicePs(packet);
        writtenPs = serve(
                4,
                node,
                arrivedPs + params.nicReceivePs().value() + message.train.bufferDelayPs(packet),
                servicePs)
            + servicePs;
      }
      long entryPs = rates.writePs(params.completionEntryBytes());
      return serve(4, node, writtenPs, entryPs)
          + entryPs
          + params.writeLatencyPs().value();
    }
  }

  @Test
  void randomTraffic_equalsThePlainNetwork() {
    for (long seed : Seeds.first(60)) {
      RandomStream random = Seeds.stream(seed, "traffic");
      NetworkParams params = Defaults.of(
          NetworkParams.class,
          "network.nic.inlineLimit=" + random.nextInt(300) + " B",
          "network.pcie.readRate=" + (8 + random.nextInt(60)) + " Gbit/s",
          "network.pcie.writeRate=" + (8 + random.nextInt(60)) + " Gbit/s",
          "network.link.rate=" + (8 + random.nextInt(60)) + " Gbit/s");
      compare(params, jobs(random), Seeds.replay(seed));
    }
  }

  private static List<Job> jobs(RandomStream random) {
    List<Job> jobs = new ArrayList<>();
    long nowPs = 0;
    for (int i = 0; i < 200; i++) {
      nowPs += random.nextInt(1_500_000);
      int source = random.nextInt(NODES);
      int target = (source + 1 + random.nextInt(NODES - 1)) % NODES;
      jobs.add(
          new Job(nowPs, source, target, random.nextInt(random.nextInt(4) == 0 ? 20_000 : 200)));
    }
    return jobs;
  }

  private static void compare(NetworkParams params, List<Job> jobs, String replay) {
    Network network = new Network(params, NODES, new Ledger());
    PlainNetwork plain = new PlainNetwork(params);
    List<PlainMessage> messages = new ArrayList<>();
    for (Job job : jobs) {
      network.transmit(job.nowPs, job.source, job.target, job.bytes);
      messages.add(plain.transmit(job));
    }
    List<Integer> order = new ArrayList<>();
    for (int message = 0; message < jobs.size(); message++) {
      order.add(message);
    }
    order.sort(Comparator.comparingLong(network::atSwitchPs));
    for (int message : order) {
      long deliveredPs = network.deliver(message, network.atSwitchPs(message));
      assertEquals(plain.deliver(messages.get(message)), deliveredPs, replay);
      long queueingPs = network.queueingPs(message);
      assertTrue(queueingPs >= 0, replay);
      assertEquals(
          deliveredPs - jobs.get(message).nowPs, queueingPs + network.wirePs(message), replay);
      assertTrue(network.completedPs(message) > deliveredPs, replay);
    }
  }
}
