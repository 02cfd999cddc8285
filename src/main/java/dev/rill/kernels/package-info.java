/**
 * The arithmetic: the only package that sees {@code jdk.incubator.vector}.
 *
 * <p>Everything here works on float arrays, offsets and strides and knows no layer, tensor or file.
 * {@link dev.rill.kernels.Kernels} is the seam; {@link dev.rill.kernels.ScalarKernels} is the specification of every bit and
 * {@link dev.rill.kernels.VectorKernels} repeats its operations, a lane for an output. Offsets, strides and counts are in floats,
 * or in elements of the array they belong to. SIMD that has to be spelled out is written by
 * {@code dev.rill.kernels.generator.KernelSources}, which lies beside the tests.
 *
 * <h2>Symbols</h2>
 *
 * <p>The same in descriptions of layers, cells, gradients, both kinds of kernels and the tests' reference in double precision.
 * Products of vectors and matrices are written side by side, those of elements with a dot; σ is the logistic sigmoid; a prime
 * marks what a time step makes of the same letter.
 *
 * <table>
 * <caption>Shapes, for one row of a batch</caption>
 * <tr><td>x</td><td>[inputs]</td><td>input of the step</td></tr>
 * <tr><td>h, c</td><td>[units]</td><td>hidden state, and cell state of an LSTM</td></tr>
 * <tr><td>W, U, b</td><td>[inputs][gates units], [units][gates units], [gates units]</td>
 *     <td>kernel, recurrent kernel and bias; with a gate's letter its columns</td></tr>
 * <tr><td>z<sub>s</sub></td><td>[units]</td><td>pre-activation of gate s. Without a letter below it, z is the update gate of a
 *     GRU</td></tr>
 * <tr><td>i, f, g, o</td><td>[units]</td><td>gates of an LSTM: input, forget, candidate (Keras: c) and output, in Keras'
 *     order</td></tr>
 * <tr><td>z, r, n</td><td>[units]</td><td>gates of a GRU: update, reset and candidate (Keras: h), in Keras' order</td></tr>
 * <tr><td>da</td><td>as a</td><td>gradient of the loss with respect to a; dz<sub>s</sub> to a pre-activation</td></tr>
 * </table>
 *
 * <pre>
 *   LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000)
 *     z_s = b_s + x W_s + h U_s                      for s of i, f, g, o
 *     i = σ(z_i)    f = σ(z_f)    g = tanh(z_g)    o = σ(z_o)
 *     c' = f . c + i . g
 *     h' = o . tanh(c')
 *   backward, from dh' and what dc' has come to from the step after
 *     dc' += dh' . o . (1 - tanh(c')^2)
 *     dz_i = dc' . g . i . (1 - i)                   dz_f = dc' . c . f . (1 - f)
 *     dz_g = dc' . i . (1 - g^2)                     dz_o = dh' . tanh(c') . o . (1 - o)
 *     dc = dc' . f                                   dh = sum of dz_s U_s^T
 *
 *   GRU (Cho 2014; reset_after as in cuDNN: b has two rows, one for each matrix)
 *     z_z = b_z + x W_z + h U_z                      z_r likewise
 *     z_nx = b_nx + x W_n                            z_nh = b_nh + h U_n
 *     z = σ(z_z)    r = σ(z_r)    n = tanh(z_nx + r . z_nh)
 *     h' = z . h + (1 - z) . n
 *   backward, from dh'
 *     dz_z = dh' . (h - n) . z . (1 - z)             dz_nx = dh' . (1 - z) . (1 - n^2)
 *     dz_r = dz_nx . z_nh . r . (1 - r)              dz_nh = dz_nx . r
 *     dh = dh' . z + dz_z U_z^T + dz_r U_r^T + dz_nh U_n^T
 *   without reset_after
 *     n = tanh(b_n + x W_n + (r . h) U_n)
 *     d(r . h) = dz_n U_n^T                          dz_r = d(r . h) . h . r . (1 - r)
 *     dh = dh' . z + d(r . h) . r + dz_z U_z^T + dz_r U_r^T
 * </pre>
 *
 * <h2>Order of sums</h2>
 *
 * <p>Every number is a fixed sequence of float32 operations, each rounded once, whatever the width of a vector, the number of
 * rows, the place of a row, the threads, or the calls into which time is cut. A sum of products is made like this:
 *
 * <ul>
 *   <li>Its terms are cut into blocks of {@link dev.rill.kernels.Kernels#CHAIN}, 64, of which the last may be shorter. Each block
 *       is a chain of fused multiply-adds in index order that starts at +0: {@code s = fma(x[k], w[k], s)}.
 *   <li>The sum starts at the starting value, and the blocks are added to it one after the other: {@code z = z + s}.
 *   <li>A pre-activation starts at the bias; the blocks of the inputs follow, then those of the recurrent inputs, which are cut
 *       by themselves. So the input's part may be computed ahead. In a GRU z and r start at the rounded sum of both biases;
 *       z<sub>nx</sub> and z<sub>nh</sub> are sums of their own.
 *   <li>Backward, dh starts at what comes past the recurrent kernel and dx at what it holds; the terms are those of the gates in
 *       Keras' order, unit by unit, and are cut as one row of so many.
 *   <li>The gradient of a weight or a bias is the sum over sections of neighbouring rows, one added after the other, from +0. There
 *       are two sections from 8 rows on, four from 32, eight from 128; but no more than leave each 128 (time, row) of the longest
 *       input. Section s of n begins at row {@code rows * s / n}, rounded down to a multiple of 4. Its sum starts at +0; its terms
 *       are its (time, row), time by time; of a convolution the windows of a step of all its rows, or of a row, one stretch after the
 *       other, each with chains of its own. What a layer adds is added to what the section holds when it is whole; an embedding adds
 *       each gradient to its row of the table, over sections in order. What is within {@code TimeDistributed} has sections of all
 *       steps of all rows, as they lie within.
 *   <li>bfloat16: the same, each weight widened first. int8: chains run over the whole numbers, and a block is added with the
 *       scale of its column, {@code z = fma(s, scale, z)}.
 * </ul>
 *
 * <p>So errors hardly grow with the number of terms beyond a block. The length is where the additions between blocks cost no more
 * than a thirtieth of the product of many rows; the root mean square error of products of unit size, in units of 1e-7, is
 *
 * <pre>
 *   terms                32    64    128   256   512   1024
 *   one chain            1.0   1.4   2.0   2.8   3.9   5.7
 *   chains of 64         1.0   1.4   1.4   1.5   1.5   1.6
 *   chains of 32         1.0   1.1   1.1   1.2   1.3   1.4
 * </pre>
 *
 * <p>Sums across the units of a row, as of a softmax, are made of 16 interleaved partial sums, element j in partial j mod 16, which
 * are then joined in order. Losses, statistics of a normalization and global norms are summed in double and rounded once; so are the
 * gradients of a layer's normalization and of PReLU over a section, and of a batch's over all rows.
 *
 * <h2>Packed form</h2>
 *
 * <p>L is the number of lanes of a vector in this process, 4, 8 or 16. Outputs are cut into panels (the "micro-panels" of BLIS) of
 * as many columns as a register tile covers; {@link dev.rill.kernels.PackedWeights} keeps a panel's weights in the order in which
 * a tile reads them. A wide panel is four vectors, so a row of results is [panels][4][L]:
 *
 * <ul>
 *   <li>dense: 4 L neighbouring columns; a single vector that is left over is a narrow panel behind the wide ones;
 *   <li>LSTM: L units, a vector each of i, f, g, o;
 *   <li>GRU: L units, a vector each of n<sub>x</sub>, z, r, n<sub>h</sub>: the input updates the first three, the state the last
 *       three.
 * </ul>
 *
 * <p>In this form are what {@link dev.rill.kernels.Kernels#matmul} reads and writes and what {@code lstmForward} and
 * {@code gruForward} read. {@code lstmBackward} has gates as Keras lays them out, [4][units].
 */
package dev.rill.kernels;
