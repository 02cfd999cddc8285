package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.fail;

import dev.rill.Network;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink cluster of processes: a job manager and task managers. Rill is not on their class path, the job's JAR brings it; or it is there,
 * as if it lay in Flink's {@code lib}, and the job's JAR has the job alone.
 */
final class Cluster implements AutoCloseable {
  /** A job of parallelism 4 needs two task managers. */
  private static final int SLOTS = 2;
  private static final String LOGGING = "log4j2.properties";
  private static final int PATIENCE_SECONDS = Integer.getInteger("patience", 300);
  private static final Pattern RESTARTS = Pattern.compile("\"value\":\"(\\d+)\"");
  private static final int LOG_LINES = 40;

  private final Path folder;
  private final boolean lib;
  private final int restPort;
  private final String taskManagerOptions;
  private final List<Process> all = new ArrayList<>();
  private final List<Process> taskManagers = new ArrayList<>();
  private final Path jar;
  private final Thread hook = new Thread(this::killAll);

  /** Starts a cluster whose files lie in a folder; returns when its task managers have registered. */
  Cluster(Path folder, int taskManagers, String taskManagerOptions, String... more) throws Exception {
    this(folder, false, taskManagers, taskManagerOptions, more);
  }

  /** The same with Rill in {@code lib}. */
  static Cluster withRill(Path folder, int taskManagers, String taskManagerOptions) throws Exception {
    return new Cluster(folder, true, taskManagers, taskManagerOptions, "classloader.parent-first-patterns.additional: dev.rill.");
  }

  private Cluster(Path folder, boolean lib, int taskManagers, String taskManagerOptions, String... more) throws Exception {
    this.folder = folder;
    this.lib = lib;
    this.taskManagerOptions = taskManagerOptions;
    Runtime.getRuntime().addShutdownHook(hook);
    restPort = freePort();
    List<String> lines = new ArrayList<>(// Without Flink's scripts each part of the memory has to be said.
        List.of("jobmanager.rpc.address: localhost", "jobmanager.rpc.port: " + freePort(),
        "rest.address: localhost", "rest.port: " + restPort, "taskmanager.host: localhost", "taskmanager.bind-host: localhost",
        "taskmanager.numberOfTaskSlots: " + SLOTS, "taskmanager.cpu.cores: " + SLOTS, "taskmanager.memory.task.heap.size: 128m",
        "taskmanager.memory.task.off-heap.size: 0", "taskmanager.memory.managed.size: 128m", "taskmanager.memory.network.min: 32m",
        "taskmanager.memory.network.max: 32m",
        "taskmanager.memory.framework.heap.size: 64m", "taskmanager.memory.framework.off-heap.size: 64m",
        "taskmanager.memory.jvm-metaspace.size: 128m", "taskmanager.memory.jvm-overhead.min: 64m",
        "taskmanager.memory.jvm-overhead.max: 64m", "io.tmp.dirs: " + folder));
    // The tests wait for what these say, ten seconds each by default: a task manager that has come or gone, a restart that is counted.
    lines.addAll(List.of("heartbeat.timeout: 5000", "heartbeat.interval: 300", "cluster.registration.error-delay: 300",
        "metrics.fetcher.update-interval: 200"));
    lines.addAll(List.of(more));
    Files.write(folder.resolve("config.yaml"), lines);
    Files.write(folder.resolve(LOGGING), List.of("rootLogger.level = WARN", "rootLogger.appenderRef.a.ref = A", "appender.a.type = Console",
        "appender.a.name = A", "appender.a.layout.type = PatternLayout", "appender.a.layout.pattern = %d{HH:mm:ss} %p %c{1} %m%n",
        "logger.m.name = org.apache.flink.metrics", "logger.m.level = ERROR"));
    jar = jar(folder.resolve("job.jar"), lib ? List.of(home(Cluster.class)) : ours());
    try {
      start("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "-Xmx300m", "-XX:TieredStopAtLevel=1");
      for (int i = 0; i < taskManagers; i++) {
        startTaskManager();
      }
      await("task managers", () -> get("/overview").contains("\"taskmanagers\":" + taskManagers));
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static List<Path> classPath() {
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(System.getProperty("path.separator"))).filter(part -> !part.isEmpty()).map(Path::of).toList();
  }

  private static Path home(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /** The core, the adapter and the job. */
  private static List<Path> ours() throws Exception {
    return List.of(home(Network.class), home(KeyedNetwork.class), home(Cluster.class));
  }

  /** What a user submits, in one archive. */
  private static Path jar(Path file, List<Path> homes) throws Exception {
    Set<String> names = new HashSet<>();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Path home : homes) {
        if (Files.isDirectory(home)) {
          try (Stream<Path> files = Files.walk(home)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
              add(out, names, home.relativize(each).toString(), Files.readAllBytes(each));
            }
          }
        } else {
          try (ZipInputStream in = new ZipInputStream(Files.newInputStream(home))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
              if (!entry.isDirectory()) {
                add(out, names, entry.getName(), in.readAllBytes());
              }
            }
          }
        }
      }
    }
    return file;
  }

  private static void add(ZipOutputStream out, Set<String> names, String name, byte[] content) throws IOException {
    if (names.add(name)) {
      out.putNextEntry(new ZipEntry(name));
      out.write(content);
      out.closeEntry();
    }
  }

  private Process start(String main, String... options) throws Exception {
    List<Path> ours = ours();
    List<Path> path = new ArrayList<>(classPath().stream().filter(part -> part.toString().endsWith(".jar") && !ours.contains(part)
        && !part.getFileName().toString().contains("console-standalone")).toList());
    if (lib) {
      path.addAll(List.of(home(Network.class), home(KeyedNetwork.class)));
    }
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector", "-Dlog4j2.configurationFile=" + folder.resolve(LOGGING)));
    for (String opened : new String[] {"java.lang", "java.util", "java.time", "java.util.concurrent", "java.net", "java.nio"}) {
      command.addAll(List.of("--add-opens", "java.base/" + opened + "=ALL-UNNAMED"));
    }
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", path.stream().map(Path::toString).collect(Collectors.joining(System.getProperty("path.separator"))), main, "--configDir", folder.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(folder.resolve("process-" + all.size() + ".log").toFile()).start();
    all.add(process);
    return process;
  }

  void startTaskManager() throws Exception {
    taskManagers.add(start("org.apache.flink.runtime.taskexecutor.TaskManagerRunner", taskManagerOptions.split(" ")));
  }

  /** Kills a task manager as a machine dies: with signal 9. */
  void killTaskManager() throws Exception {
    Process victim = taskManagers.remove(0);
    victim.destroyForcibly();
    victim.waitFor();
  }

  long taskManagerPid() {
    return taskManagers.get(0).pid();
  }

  /** An environment whose jobs run here. */
  StreamExecutionEnvironment environment(Configuration settings) {
    Configuration configuration = new Configuration(settings);
    configuration.set(RestOptions.RETRY_MAX_ATTEMPTS, 3);
    return StreamExecutionEnvironment.createRemoteEnvironment("localhost", restPort, configuration, jar.toString());
  }

  /** What the job manager answers. */
  String get(String path) throws Exception {
    try {
      return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + restPort + path)).build(),
          HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    }
  }

  /** How often a job has been restarted. */
  int restarts(JobClient job) throws Exception {
    Matcher value = RESTARTS.matcher(get("/jobs/" + job.getJobID() + "/metrics?get=numRestarts"));
    return value.find() ? Integer.parseInt(value.group(1)) : 0;
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for what has to come, five minutes at most if nothing else is said. */
  void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        fail("still waiting for " + what + log());
      }
      Thread.sleep(100);
    }
  }

  /** The last lines of each process. */
  private String log() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      List<String> lines = Files.readAllLines(folder.resolve("process-" + i + ".log"));
      log.append("\nprocess ").append(i).append(all.get(i).isAlive() ? " lives" : " has ended").append('\n');
      log.append(String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())));
    }
    return log.toString();
  }

  private void killAll() {
    all.forEach(Process::destroyForcibly);
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
