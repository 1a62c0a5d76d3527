package org.netdissect.torchscript.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.torchscript.TinyArchive;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * Fields of known networks, derived by hand. A window of k cells adds (k - 1) * stride to the size and ((k - 1) / 2 -
 * padding) * stride to the centre, and multiplies the stride by the stride of the window.
 */
class ReceptiveFieldsTest {
    @TempDir
    Path folder;

    private String field(TinyNet net, String layer) throws IOException {
        return TinyNet.text(net.fields(folder, 224, 224), layer);
    }

    /**
     * Caffe's AlexNet. Size: 11, pool +2*4 = 19, conv2 +4*8 = 51, pool +2*8 = 67, conv3 to conv5 +2*16 each = 163.
     * Stride 4*2*2 = 16. Centre: 5, pool +4 = 9, conv2 padded, pool +8 = 17. torchvision pads conv1 by 2, pool by none:
     * 5 - 2 = 3, 3 + 4 = 7, 7 + 8 = 15.
     */
    @ParameterizedTest
    @CsvSource({"false,0,163 16 17.0", "true,0,163 16 17.0", "false,2,163 16 15.0", "true,2,163 16 15.0"})
    void alexNet(boolean scripted, int padding, String expected) throws IOException {
        TinyNet net = new TinyNet(scripted)
                .conv("conv1", 11, 4, padding)
                .pool("pool1", 3, 2, 0, false)
                .conv("conv2", 5, 1, 2)
                .pool("pool2", 3, 2, 0, false)
                .conv("conv3", 3, 1, 1)
                .conv("conv4", 3, 1, 1)
                .conv("conv5", 3, 1, 1);
        assertEquals(expected, field(net, "conv5"));
    }

    /**
     * VGG16. Stages of 2, 2, 3, 3 convolutions 3x3 with a pooling 2x2 after each, then 3 more. Size: 5, pool 6; +8 =
     * 14, 16; +24 = 40, 44; +48 = 92, 100; +96 = 196. Centre: the poolings move it by half a cell: 0.5 + 1 + 2 + 4 =
     * 7.5.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void vgg16(boolean scripted) throws IOException {
        TinyNet net = new TinyNet(scripted);
        int[] convolutions = {2, 2, 3, 3, 3};
        for (int stage = 1; stage <= 5; stage++) {
            for (int i = 1; i <= convolutions[stage - 1]; i++) {
                net.conv("conv" + stage + "_" + i, 3, 1, 1);
            }
            net.pool("pool" + stage, 2, 2, 0, false);
        }
        assertEquals("196 16 7.5", field(net, "conv5_3"));
        // the last pooling adds 16 to the size and half of 16 to the centre
        assertEquals("212 32 15.5", field(net, "pool5"));
    }

    /**
     * ResNet-18. Size: 7, pool +2*2 = 11; layer1 has four convolutions at stride 4: +4*8 = 43; layer2 one at 4 and
     * three at 8: +8 + 48 = 99; layer3 +16 + 96 = 211; layer4 +32 + 192 = 435. Stride 32. All windows are padded by
     * half their size, so that the centre stays at 0, also in the shortcuts.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resNet18(boolean scripted) throws IOException {
        TinyNet net = new TinyNet(scripted).conv("conv1", 7, 2, 3).pool("maxpool", 3, 2, 1, false);
        for (int stage = 1; stage <= 4; stage++) {
            for (int block = 0; block < 2; block++) {
                int stride = stage > 1 && block == 0 ? 2 : 1;
                String name = "_" + stage + "_" + block;
                net.line("shortcut = x");
                net.conv("a" + name, 3, stride, 1).line("x = torch.relu_(x)").conv("b" + name, 3, 1, 1);
                if (stride > 1) {
                    net.convolution("down" + name, 1, 2, 0, 1);
                    net.line("shortcut = (self.down" + name + ").forward(shortcut, )");
                }
                net.line("x = torch.add_(x, shortcut)");
                net.module("block" + name, "torch.relu_(x)").then("block" + name);
            }
        }
        assertEquals("43 4 0.0", field(net, "block_1_1"));
        assertEquals("435 32 0.0", field(net, "block_4_1"));
    }

    /**
     * GoogLeNet's inception4e. Size: 7, pool 11, conv3 19, pool 27 at stride 8; inception3a and 3b +16 each = 59 (their
     * 1x1 branches see less, about the same centre); pool 75 at 16; five modules +32 each = 235. Centre: the three
     * poolings, 3 by 2 without padding, add 2, 4 and 8.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void googLeNet(boolean scripted) throws IOException {
        TinyNet net = new TinyNet(scripted)
                .conv("conv1", 7, 2, 3)
                .pool("pool1", 3, 2, 0, true)
                .conv("conv2", 1, 1, 0)
                .conv("conv3", 3, 1, 1)
                .pool("pool2", 3, 2, 0, true);
        for (String name : "3a 3b 4a 4b 4c 4d 4e".split(" ")) {
            if (name.equals("4a")) {
                net.pool("pool3", 3, 2, 0, true);
            }
            net.convolution("one" + name, 1, 1, 0, 1).convolution("three" + name, 3, 1, 1, 1);
            net.convolution("last" + name, 1, 1, 0, 1);
            net.line("one = (self.one" + name + ").forward(x, )");
            net.line("three = (self.three" + name + ").forward((self.one" + name + ").forward(x, ), )");
            net.line("pooled = torch.max_pool2d(x, [3, 3], [1, 1], [1, 1], [1, 1], True)");
            net.line("pooled0 = (self.last" + name + ").forward(pooled, )");
            net.line("x = torch.cat([one, three, pooled0], 1)");
            net.module("inception" + name, "torch.relu(x)").then("inception" + name);
        }
        assertEquals("59 8 6.0", field(net, "inception3b"));
        assertEquals("235 16 14.0", field(net, "inception4e"));
    }

    /**
     * MobileNetV2's features.18. One 3x3 convolution per block, strides 2 | 1 | 2 1 | 2 1 1 | 2 1 1 1 | 1 1 1 | 2 1 1 |
     * 1 after the first, 1x1 around them: 3, 7, 11 at 4, 19, 27 at 8, 43, 59, 75 at 16, then six +32 = 267, 299 at 32,
     * then three +64 = 491. The centre stays.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mobileNetV2(boolean scripted) throws IOException {
        TinyNet net = new TinyNet(scripted).conv("features_0", 3, 2, 1);
        int[] strides = {1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1};
        for (int block = 1; block <= strides.length; block++) {
            net.line("identity = x");
            net.conv("expand" + block, 1, 1, 0).line("x = torch.hardtanh_(x, 0., 6.)");
            net.conv("depthwise" + block, 3, strides[block - 1], 1).conv("project" + block, 1, 1, 0);
            if (strides[block - 1] == 1) {
                net.line("x = torch.add(identity, x)");
            }
        }
        net.conv("features_18", 1, 1, 0);
        assertEquals("491 32 0.0", field(net, "features_18"));
    }

    @Test
    void paddingSameAndDilation() throws IOException {
        // dilation 2 makes a window of 5 from 3 cells; 'same' pads by 2 and 2, and kernel 4 by 1 and 2: centre 1.5 - 1
        TinyNet net = new TinyNet(true)
                .convolution("dilated", 3, 1, 2, 2)
                .then("dilated")
                .convolution("even", 4, 1, 0, 1);
        net.module(
                "same",
                "    weight = self.weight\n    return torch.conv2d(x, weight, None, [1, 1], \"same\", [1, 1], 1)\n",
                "  weight : Tensor\n");
        assertEquals("5 1 0.0", field(net, "dilated"));
        Path file = new TinyArchive()
                .code(net.then("same").source())
                .tensors("dilated.weight", "1,1,3,3", "same.weight", "1,1,4,2")
                .writeTo(folder);
        ReceptiveFields fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 48));
        assertEquals("8 1 0.5 by 6 1 0.5", TinyNet.text(fields, "same"));
    }

    @Test
    void branchesThatDisagreeAreNamed() throws IOException {
        TinyNet net = new TinyNet(false)
                .convolution("left", 3, 2, 1, 1)
                .convolution("right", 2, 2, 0, 1)
                .module("sum", "torch.relu(x)")
                .line("a = (self.left).forward(x, )")
                .line("b = (self.right).forward(x, )")
                .line("x = torch.add(a, b)")
                .then("sum");
        assertEquals(
                "torch.add: branches disagree, left with stride 2 and centre 0.0 and right with stride 2 and centre 0.5",
                field(net, "sum"));
        assertEquals("3 2 0.0", field(net, "left"));
    }

    @Test
    void unknownOperatorsAreNamedWithTheirModule() throws IOException {
        TinyNet net = new TinyNet(true)
                .conv("conv", 3, 1, 1)
                .module("warp", "torch.grid_sampler(x, x, 0, 0, False)")
                .then("warp")
                .conv("after", 3, 1, 1);
        assertEquals("unknown operator torch.grid_sampler in warp", field(net, "warp"));
        assertEquals("unknown operator torch.grid_sampler in warp", field(net, "after"));
    }

    @Test
    void poolingOverTheImageSeesAllOfIt() throws IOException {
        TinyNet net = new TinyNet(false)
                .conv("conv", 3, 2, 1)
                .module("squeeze", "torch.sigmoid(torch.adaptive_avg_pool2d(x, [1, 1]))")
                .line("scale = (self.squeeze).forward(x, )")
                .line("x = torch.mul(x, scale)")
                .module("excited", "torch.relu(x)")
                .then("excited")
                .module("pooled", "torch.mean(x, [2, 3])")
                .then("pooled");
        assertEquals("its units see the whole image", field(net, "squeeze"));
        assertEquals("3 2 0.0 and all", field(net, "excited"));
        assertEquals("its units see the whole image", field(net, "pooled"));
    }

    @Test
    void adaptivePoolingToCellsOfOneSizeIsAPooling() throws IOException {
        // 56 cells at stride 4 become 7: windows of 8
        TinyNet net = new TinyNet(true)
                .conv("conv", 4, 4, 0)
                .module("seven", "torch.adaptive_avg_pool2d(x, [7, 7])")
                .module("five", "torch.adaptive_avg_pool2d(x, [5, 5])")
                .line("y = (self.five).forward(x, )")
                .then("seven");
        assertEquals("32 32 15.5", field(net, "seven"));
        assertEquals(
                "torch.adaptive_avg_pool2d in five: its windows of unequal sizes, 56 cells becoming 5",
                field(net, "five"));
    }

    @Test
    void conditionsThatOnlyTheRunDecidesKeepWhatHoldsBothWays() throws IOException {
        TinyNet net = new TinyNet(true)
                .convolution("wide", 5, 1, 2, 1)
                .convolution("narrow", 3, 1, 1, 1)
                .convolution("strided", 3, 2, 1, 1)
                .module("same", "torch.relu(x)")
                .module("other", "torch.relu(x)")
                .line("if torch.gt(torch.sum(x), 0.):")
                .line("  y = (self.wide).forward(x, )")
                .line("  z = x")
                .line("else:")
                .line("  y = (self.narrow).forward(x, )")
                .line("  z = (self.strided).forward(x, )")
                .line("y0 = (self.same).forward(y, )")
                .line("z0 = (self.other).forward(z, )");
        assertEquals("5 1 0.0", field(net, "same"));
        assertEquals("a condition that only the run decides", field(net, "other"));
        assertEquals("3 2 0.0", field(net, "strided"));
    }

    @Test
    void codeIsFollowedAsItRuns() throws IOException {
        String source = """
                def apply(input: Tensor, padding: List[int]=[1, 1], twice: bool=False) -> Tensor:
                  if twice:
                    _0 = torch.max_pool2d(input, [3, 3], annotate(List[int], []), padding, [1, 1])
                  else:
                    if torch.ne(torch.dim(input), 4):
                      ops.prim.RaiseException("expected 4D", "builtins.ValueError")
                    else:
                      pass
                    _0 = torch.max_pool2d(input, [3, 3], [2, 2], padding, [1, 1])
                  return _0
                class A(Module):
                  training : bool
                  steps : Final[int] = 2
                  def forward(self, x: Tensor) -> Tensor:
                    training = self.training
                    if training:
                      x0 = torch.grid_sampler(x, x, 0, 0, False)
                    else:
                      x0 = x
                    maps = annotate(List[Tensor], [])
                    for i in range(self.steps):
                      _1 = torch.append(maps, __torch__.apply(x0, twice=False, ))
                    return torch.cat(maps, 1)
                class Net(Module):
                  __annotations__["0"] = __torch__.A
                  def forward(self, x: Tensor) -> Tensor:
                    first = getattr(self, "0")
                    return (self)._impl((first).forward(x, ), )
                  def _impl(self, x: Tensor) -> Tensor:
                    first = getattr(self, "0")
                    return (first).forward(x, )
                """;
        Path file = new TinyArchive().code(source).writeTo(folder);
        ReceptiveFields fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 32));
        // used twice: its last output is read, as by the taps; 3 and then +2*2
        assertEquals("7 4 0.0", TinyNet.text(fields, "0"));
    }

    @Test
    void dimensionsAreFollowedThroughViews() throws IOException {
        TinyNet net = new TinyNet(false)
                .conv("conv", 3, 2, 1)
                .line("x = torch.cat([x, x], 1)")
                .module("shuffled", """
                            batch = torch.size(x, 0)
                            height = ops.prim.NumToTensor(torch.size(x, 2))
                            width = torch.size(x, 3)
                            x0 = torch.view(x, [batch, 2, -1, int(height), width])
                            x1 = torch.contiguous(torch.transpose(x0, 1, 2))
                            x2 = torch.reshape(x1, [batch, -1, int(height), width])
                            return x2
                        """, "")
                .then("shuffled")
                .module(
                        "last",
                        "torch.permute(torch.layer_norm(torch.permute(x, [0, 2, 3, 1]), [1], None, None), [0, 3, 1, 2])")
                .then("last")
                .module("tokens", "torch.transpose(torch.flatten(x, 2), 1, 2)")
                .then("tokens");
        assertEquals("3 2 0.0", field(net, "shuffled"));
        assertEquals("3 2 0.0", field(net, "last"));
        assertEquals("3 2 0.0", field(net, "tokens"));
    }

    @Test
    void cutsMoveTheFirstUnit() throws IOException {
        TinyNet net = new TinyNet(false)
                .conv("conv", 3, 2, 1)
                .module("cut", "torch.slice(torch.slice(x, 2, 1, 9223372036854775807, 2), 3, -10)")
                .then("cut");
        // rows 1, 3, 5, ...; the last ten of 112 columns, from 102 on
        assertEquals("3 4 2.0 by 3 2 204.0", field(net, "cut"));
    }

    @Test
    void whatIsChangedThroughAViewIsNotKnown() throws IOException {
        TinyNet net = new TinyNet(true)
                .convolution("conv", 3, 1, 1, 1)
                .convolution("far", 3, 1, 0, 1)
                .line("y = (self.conv).forward(x, )")
                .line("z = (self.far).forward(torch.constant_pad_nd(x, [0, 2, 0, 2], 0.), )")
                .line("_0 = torch.copy_(torch.slice(y, 1, 0, 1), z)")
                .module("out", "torch.relu(x)")
                .line("x = (self.out).forward(y, )");
        assertEquals("a tensor that is changed through a view of it", field(net, "out"));
    }

    @Test
    void listsThatOnlyTheRunFillsAreNotKnown() throws IOException {
        TinyNet net = new TinyNet(true)
                .line("maps = [x]")
                .line("if torch.gt(torch.sum(x), 0.):")
                .line("  _0 = torch.append(maps, torch.max_pool2d(x, [3, 3], [1, 1], [1, 1]))")
                .line("else:")
                .line("  pass")
                .module("out", "torch.relu(x)")
                .line("x = (self.out).forward(maps[-1], )");
        assertEquals("a list whose items only the run decides", field(net, "out"));
    }

    @Test
    void whatNeverEndsIsGivenUp() throws IOException {
        TinyNet net = new TinyNet(true).conv("conv", 3, 1, 1);
        String rounds = "    ";
        StringBuilder nested = new StringBuilder();
        for (int depth = 0; depth < 5; depth++) {
            nested.append(rounds)
                    .append("  ".repeat(depth))
                    .append("for i")
                    .append(depth)
                    .append(" in range(1000):\n");
        }
        nested.append(rounds)
                .append("  ".repeat(5))
                .append("y = torch.relu(x)\n")
                .append("    return x\n");
        net.module("loops", nested.toString(), "").then("loops");
        assertEquals("the network's code is too much to follow", field(net, "conv"));
    }

    @Test
    void callsWithinCallsAreFollowedOnlySoFar() throws IOException {
        StringBuilder source = new StringBuilder("def f0(x: Tensor) -> Tensor:\n  return x\n");
        for (int i = 1; i <= 20; i++) {
            String call = "__torch__.f" + (i - 1) + "(x, )";
            String nested = "torch.relu(".repeat(90) + call + ")".repeat(90);
            source.append("def f" + i + "(x: Tensor) -> Tensor:\n  return " + nested + "\n");
        }
        TinyNet net = new TinyNet(true).module("deep", "__torch__.f20(x, )").then("deep");
        TinyNet some = new TinyNet(true).module("deep", "__torch__.f5(x, )").then("deep");
        Path file = new TinyArchive().code(source + net.source()).writeTo(folder);
        ReceptiveFields fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 32));
        assertEquals("the network's code is too much to follow", TinyNet.text(fields, "deep"));
        file = new TinyArchive().code(source + some.source()).writeTo(folder);
        fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 32));
        assertEquals("1 1 0.0", TinyNet.text(fields, "deep"));
    }

    @Test
    void weightsWithoutSizesAreNamed() throws IOException {
        Path file = new TinyArchive()
                .code(new TinyNet(true).conv("conv", 3, 1, 1).source())
                .writeTo(folder);
        ReceptiveFields fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 32));
        assertEquals("torch.conv2d in conv: its argument 2", TinyNet.text(fields, "conv"));
    }

    @Test
    void damagedPicklesAreAnObstacle() throws IOException {
        byte[] cut = Arrays.copyOf(TinyArchive.pickle("__torch__", "Net"), 20);
        Path file = new TinyArchive()
                .code(new TinyNet(true).conv("conv", 3, 1, 1).source())
                .entry("net/data.pkl", cut)
                .writeTo(folder);
        ReceptiveFields fields = ReceptiveFields.of(TorchScriptArchive.open(file), new GridSize(32, 32));
        assertTrue(TinyNet.text(fields, "conv").contains("damaged pickle"), TinyNet.text(fields, "conv"));
    }
}
