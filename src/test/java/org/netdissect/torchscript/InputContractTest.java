package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.InputContract.NumberType;

class InputContractTest {
    @TempDir
    static Path folder;

    private static InputContract contract(String before, String convolution, String sizes) throws IOException {
        String code = """
                class Net(Module):
                  first : __torch__.First
                  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                    first = self.first
                    y = BEFORE
                    return torch.relu((first).forward(y, ))
                class First(Module):
                  weight : Tensor
                  def forward(self: __torch__.First, x: Tensor) -> Tensor:
                    weight = self.weight
                    return (self)._conv_forward(x, weight, )
                  def _conv_forward(self: __torch__.First, x: Tensor, w: Tensor) -> Tensor:
                    return CONVOLUTION
                """.replace("BEFORE", before).replace("CONVOLUTION", convolution);
        return TorchScriptArchive.open(new TinyArchive()
                        .code(code)
                        .tensors("first.weight", sizes)
                        .writeTo(folder))
                .input();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x|torch.conv2d(x, w)|8,12,3,3|12",
                "x|torch.conv2d(x, w, None, [1, 1], [0, 0], [1, 1], 4)|8,3,3,3|12",
                "torch.div(torch.sub(x, 0.5), 0.25)|torch.conv2d(x, w)|8,1,3,3|1",
                "x|torch._convolution(x, w, None, [2, 2], [1, 1], [1, 1], False, [0, 0], 2, False, False, True, True)"
                        + "|8,2,3,3|4",
                "x|torch._convolution(x, w, None, [2, 2], [1, 1], [1, 1], True, [0, 0], 1, False, False, True, True)"
                        + "|5,8,3,3|5",
                // a network that first mixes channels accepts any number
                "torch.cat([x, x], 1)|torch.conv2d(x, w)|8,6,3,3|none",
                "torch.pixel_unshuffle(x, 2)|torch.conv2d(x, w)|8,12,3,3|none",
                "torch.select(x, 1, 0)|torch.conv2d(x, w)|8,1,3,3|none",
                "(x, x)[0]|torch.conv2d(x, w)|8,12,3,3|none",
                "x|torch.linear(x, w)|8,64|none",
                "x|torch.conv2d(w, x)|8,12,3,3|none",
                "x|torch.conv2d(x, torch.relu(w))|8,12,3,3|none",
                "x|torch.conv2d(x, w, None, [1, 1], [0, 0], [1, 1], torch.len([1]))|8,12,3,3|none",
            })
    void channelsOfTheFirstConvolution(String before, String convolution, String sizes, String channels)
            throws IOException {
        OptionalInt expected =
                channels.equals("none") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(channels));
        assertEquals(expected, contract(before, convolution, sizes).channels());
    }

    @ParameterizedTest
    @CsvSource({
        "FloatStorage,x,FLOAT",
        "HalfStorage,x,HALF",
        "BFloat16Storage,x,BFLOAT16",
        "DoubleStorage,x,DOUBLE",
        "LongStorage,x,FLOAT",
        // the network casts its input
        "HalfStorage,'torch.to(x, 5)',FLOAT",
        // the type is that of any weight
        "HalfStorage,'torch.cat([x, x], 1)',HALF",
    })
    void typeOfTheFirstLayer(String storage, String before, NumberType type) throws IOException {
        Path file = new TinyArchive()
                .code("""
                        class Net(Module):
                          layer : __torch__.Layer
                          def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                            return (self.layer).forward(BEFORE, )
                        class Layer(Module):
                          w : Tensor
                          def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
                            return torch.conv2d(x, self.w)
                        """.replace("BEFORE", before))
                .weighted("layer", "Layer", storage, "cpu", new int[] {1, 3, 1, 1}, new byte[24])
                .writeTo(folder);
        assertEquals(type, TorchScriptArchive.open(file).input().type());
    }

    @ParameterizedTest
    @CsvSource({
        "c10-precision/half,3,HALF",
        "c10-precision/bf16,3,BFLOAT16",
        "c11-channels/ch1,1,FLOAT",
        "c11-channels/ch4,4,FLOAT",
        "c05-not-in-evaluation-mode/train_trace,3,FLOAT",
    })
    void cases(String model, int channels, NumberType type) throws IOException {
        InputContract found = TorchScriptArchive.open(SharedData.require("cases/" + model + ".pt"))
                .input();
        assertEquals(new InputContract(OptionalInt.of(channels), type), found);
    }

    @Test
    void theSample() throws IOException {
        assertEquals(
                new InputContract(OptionalInt.of(3), NumberType.FLOAT),
                TorchScriptArchive.open(Path.of("broden-sample", "scenenet.pt")).input());
    }
}
