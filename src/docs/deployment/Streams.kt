import dev.rill.Network
import java.nio.file.Path

fun main() {
  val network = Network.load(Path.of("model.keras"))
  val session = network.session(1)
  val y = FloatArray(network.outputFeatures(0))
  session.step(floatArrayOf(0.1f, 0.2f, 0.3f), y)
  println(y[0])
}
