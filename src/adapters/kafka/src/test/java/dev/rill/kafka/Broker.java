package dev.rill.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** A real broker, its own controller, in a JVM of its own. */
final class Broker implements AutoCloseable {
  private static final List<String> SMALL = List.of("-Xmx320m", "-XX:TieredStopAtLevel=1");

  private final Path folder;
  private final Path configuration;
  private final int port = freePort();
  private int starts;
  private Child child;

  Broker(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    int controller = freePort();
    configuration = Files.writeString(folder.resolve("server.properties"), String.join("\n",
        "process.roles=broker,controller", "node.id=1", "controller.listener.names=CONTROLLER",
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller, "controller.quorum.bootstrap.servers=127.0.0.1:" + controller,
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs=" + folder.resolve("log"), "auto.create.topics.enable=false", "log.retention.ms=-1",
        "offsets.topic.replication.factor=1", "offsets.topic.num.partitions=1", "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1", "transaction.state.log.num.partitions=1",
        "group.initial.rebalance.delay.ms=0", "group.min.session.timeout.ms=500",
        "transaction.abort.timed.out.transaction.cleanup.interval.ms=500", ""));
    Child format = Child.start(folder.resolve("format.txt"), SMALL, "kafka.tools.StorageTool", "format", "--standalone", "-t",
        Uuid.randomUuid().toString(), "-c", configuration.toString());
    if (format.result(120) != 0) {
      throw new AssertionError(format.output());
    }
    start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Starts, and comes back when it answers. */
  void start() throws IOException, InterruptedException {
    child = Child.start(folder.resolve("broker-" + starts++ + ".txt"), SMALL, "kafka.Kafka", configuration.toString());
    try (Admin admin = admin()) {
      admin.describeCluster().nodes().get();
    } catch (ExecutionException e) {
      throw new AssertionError(child.output(), e);
    }
  }

  void kill() {
    child.kill();
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address(), "default.api.timeout.ms", "120000"));
  }

  void topics(int partitions, String... names) throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      for (String name : names) {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
      }
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
