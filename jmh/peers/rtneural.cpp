// RTNeural's time of one step, sizes known when it is compiled: best of many short turns, ns. jmh/measure rtneural compiles it three times.
#include <RTNeural/RTNeural.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <type_traits>
#include <vector>

using Matrix = std::vector<std::vector<float>>;

static std::mt19937 generator(1);

static float any() {
  return std::uniform_real_distribution<float>(-0.3f, 0.3f)(generator);
}

static Matrix matrix(int rows, int columns) {
  Matrix all(rows, std::vector<float>(columns));
  for (auto& row : all)
    for (auto& value : row)
      value = any();
  return all;
}

template <int Inputs, int Units, bool Gru>
static void measure() {
  using Layer = std::conditional_t<Gru, RTNeural::GRULayerT<float, Inputs, Units>, RTNeural::LSTMLayerT<float, Inputs, Units>>;
  static RTNeural::ModelT<float, Inputs, Units, Layer> model;
  auto& layer = model.template get<0>();
  const int columns = (Gru ? 3 : 4) * Units;
  layer.setWVals(matrix(Inputs, columns));
  layer.setUVals(matrix(Units, columns));
  if constexpr (Gru)
    layer.setBVals(matrix(2, columns));
  else
    layer.setBVals(matrix(1, columns)[0]);
  model.reset();
  alignas(64) float x[Inputs];
  for (auto& value : x)
    value = any();
  using Clock = std::chrono::steady_clock;
  const int calls = std::max(20, 400000 / (Units * (Inputs + Units)));
  double best = 1e18;
  float sum = 0;
  for (auto end = Clock::now() + std::chrono::seconds(1); Clock::now() < end;) {
    const auto begin = Clock::now();
    for (int i = 0; i < calls; i++) {
      x[0] = sum * 1e-9f;
      sum += model.forward(x);
    }
    best = std::min(best, std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / calls);
  }
  std::printf("%s %d %d %.1f\n", Gru ? "gru" : "lstm", Inputs, Units, sum == sum ? best : 0);
}

int main() {
  measure<8, 8, false>();
  measure<16, 16, false>();
  measure<16, 32, false>();
  measure<32, 32, false>();
  measure<64, 64, false>();
  measure<64, 128, false>();
  measure<128, 128, false>();
  measure<8, 8, true>();
  measure<16, 16, true>();
  measure<32, 32, true>();
  measure<64, 64, true>();
  measure<128, 128, true>();
}
