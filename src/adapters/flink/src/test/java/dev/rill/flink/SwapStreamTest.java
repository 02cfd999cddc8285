package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.serving.Carry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.runtime.partitioner.BroadcastPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream of swaps is in a job. */
class SwapStreamTest {
  private static final int PARALLELISM = 4;

  /** Two networks, each of which follows the same stream; all that the job names has a uid. */
  private static StreamGraph job(int most) {
    Configuration named = new Configuration();
    named.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, named);
    DataStream<ModelSwap> swaps = env.fromData(ModelSwap.to("file:/m.keras", 1, Carry.KEEP)).setParallelism(1).uid("swaps")
        .map(swap -> swap).uid("checked");
    DataStream<Event> events = env.fromSequence(0, 9).uid("numbers").map(number -> Event.of(number, 5)).uid("events");
    for (String name : List.of("one", "two")) {
      KeyedNetwork.of(ModelAddress.of("file:/m.keras"), new EventSteps()).batch(most, Duration.ofMillis(5))
          .apply(events.keyBy(event -> event.key), swaps, TypeInformation.of(Result.class)).uid(name)
          .sinkTo(new DiscardingSink<>()).uid("sink " + name);
    }
    return env.getStreamGraph();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void allSubtasksSeeSwapsInOneOrderWhateverCheckedThemBefore(int most) {
    List<StreamNode> broadcast = new ArrayList<>();
    StreamGraph job = job(most);
    for (StreamNode node : job.getStreamNodes()) {
      for (StreamEdge edge : node.getOutEdges()) {
        if (edge.getPartitioner() instanceof BroadcastPartitioner) {
          broadcast.add(node);
        }
      }
    }
    assertEquals(2, broadcast.size());
    broadcast.forEach(node -> assertEquals(1, node.getParallelism(), node::toString));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aJobMayNameAllOfItsOperators(int most) {
    assertTrue(job(most).getJobGraph().getNumberOfVertices() > 2);
  }
}
