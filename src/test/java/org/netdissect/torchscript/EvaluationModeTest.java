package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationModeTest {
    private static final String NET = """
            class Net(Module):
              layer : __torch__.Layer
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
                return (self.layer).forward(x, )
            class Layer(Module):
              def forward(self: __torch__.Layer,
                x: Tensor) -> Tensor:
                y = torch.relu(x)
                return LINE
              def untouched(self: __torch__.Layer,
                x: Tensor) -> Tensor:
                return torch.relu( x )
            """;

    @TempDir
    static Path folder;

    private static String net(String line) {
        return NET.replace("LINE", line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch.dropout(y, 0.5, True)|torch.dropout(y, 0.5, False)",
                "torch.dropout_(y, 0.5, True)|torch.dropout_(y, 0.5, False)",
                "torch.dropout(y, 0.5, train=True)|torch.dropout(y, 0.5, train=False)",
                "torch.feature_dropout(y, 0.5, True)|torch.feature_dropout(y, 0.5, False)",
                "torch.alpha_dropout_(y, 0.5, True)|torch.alpha_dropout_(y, 0.5, False)",
                "torch.feature_alpha_dropout(y, 0.5, True)|torch.feature_alpha_dropout(y, 0.5, False)",
                "torch.native_dropout(y, 0.5, None)|torch.native_dropout(y, 0.5, False)",
                "torch.rrelu(y, 0.125, 0.33, True, None)|torch.rrelu(y, 0.125, 0.33, False, None)",
                "torch.rrelu_with_noise_(y, n, 0.125, 0.33, True)|torch.rrelu_with_noise_(y, n, 0.125, 0.33, False)",
                "torch.batch_norm(y, w, b, m, v, True, 0.1, 1e-05, True)|torch.batch_norm(y, w, b, m, v, False, 0.1, 1e-05, True)",
                "torch.batch_norm(y, None, None, m, v, True, 0.1, 1e-05, True)|torch.batch_norm(y, None, None, m, v, False, 0.1, 1e-05, True)",
                "torch.native_batch_norm(y, w, b, m, v, True, 0.1, 1e-05)|torch.native_batch_norm(y, w, b, m, v, False, 0.1, 1e-05)",
                "torch._batch_norm_impl_index(y, w, b, m, v, True, 0.1, 1e-05, True)|torch._batch_norm_impl_index(y, w, b, m, v, False, 0.1, 1e-05, True)",
                "torch.instance_norm(y, w, b, m, v, True, 0.1, 1e-05, True)|torch.instance_norm(y, w, b, m, v, False, 0.1, 1e-05, True)",
                "torch.lstm(y, [h, c], [w], True, 1, 0.5, True, False, True)|torch.lstm(y, [h, c], [w], True, 1, 0.5, False, False, True)",
                "torch.gru(y, s, h, [w], True, 1, 0.5, True, False)|torch.gru(y, s, h, [w], True, 1, 0.5, False, False)",
                "torch.scaled_dot_product_attention(y, y, y, None, 0.10000000000000001, False)|torch.scaled_dot_product_attention(y, y, y, None, 0., False)",
                "ops.quantized.dropout(y, 0.1, 3, 0.5, True)|ops.quantized.dropout(y, 0.1, 3, 0.5, False)",
                "torch.add(torch.dropout(y, 0.5, True), torch.dropout(x, 0.5, True))|torch.add(torch.dropout(y, 0.5, False), torch.dropout(x, 0.5, False))",
            })
    void flagsAreTurnedOffInAllCode(String traced, String evaluated) throws IOException {
        String expected = net(evaluated);
        String text = TinyArchive.tapped(folder, net(traced), "layer");
        int layer = text.indexOf("class Layer");
        assertEquals(
                expected.substring(expected.indexOf("class Layer")),
                text.substring(layer, text.indexOf("  def tapped_", layer)));
        assertFalse(text.contains(traced), text);
        assertTrue(TinyArchive.open(folder, net(traced)).wasInTrainingMode());
    }

    /** Literals that are already off, have no effect, have no other mode, or are not known from the code alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.dropout(y, 0.5, False)",
                "torch.dropout(y, 0., True)",
                "torch.dropout(y, 0.5, training)",
                "torch.rrelu(y, 0.125, 0.33)",
                "torch.batch_norm(y, w, b, m, v, False, 0.1, 1e-05, True)",
                "torch.batch_norm(y, w, b, None, None, True, 0.1, 1e-05, True)",
                "torch.instance_norm(y, None, None, None, None, True, 0.1, 1e-05, True)",
                "torch.lstm(y, [h, c], [w], True, 1, 0., True, False, True)",
                "torch.scaled_dot_product_attention(y, y, y, None, 0., True)",
                "torch.mean(y, 2, True)",
            })
    void allElseKeepsItsBytes(String line) throws IOException {
        TorchScriptArchive archive = TinyArchive.open(folder, net(line));
        assertFalse(archive.wasInTrainingMode());
        assertTrue(archive.runsAsStored("cpu"));
        assertTrue(TinyArchive.tapped(folder, net(line), "layer").contains("    return " + line + "\n"));
    }

    @Test
    void functionsOutsideClassesAndInsideMethodsAreTurnedOffToo() throws IOException {
        String code = """
                class Net(Module):
                  layer : __torch__.Layer
                  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                    if True:
                      for i in range(3):
                        x = __torch__.noisy(x, )
                    else:
                      pass
                    return (self.layer).forward(x, )
                class Layer(Module):
                  def forward(self: __torch__.Layer, x: Tensor) -> Tensor:
                    def inside(y: Tensor) -> Tensor:
                      return torch.dropout(y, 0.25, True)
                    return inside(x)
                def noisy(x: Tensor) -> Tensor:
                  return torch.dropout(x, 0.125, True)
                """;
        String text = TinyArchive.tapped(folder, code, "layer");
        assertFalse(text.contains("True)"), text);
        assertTrue(text.contains("torch.dropout(x, 0.125, False)"), text);
        assertTrue(text.contains("      return torch.dropout(y, 0.25, False)"), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torch.zeros([1], device=torch.device(\"cuda:0\"))|torch.zeros([1], device=torch.device(\"DEV\"))",
                "torch.to(y, torch.device(\"cuda\"), 6)|torch.to(y, torch.device(\"DEV\"), 6)",
                "torch.to(y, torch.device('cuda:1'), 6)|torch.to(y, torch.device(\"DEV\"), 6)",
            })
    void devicesAreTheOneItRunsOn(String stored, String moved) throws IOException {
        for (String device : new String[] {"cpu", "cuda:3"}) {
            Path file = new TinyArchive().code(net(stored)).writeTo(folder);
            TorchScriptArchive archive = TorchScriptArchive.open(file);
            assertFalse(archive.runsAsStored(device));
            assertFalse(archive.wasInTrainingMode(), "the numbers are the same");
            Path written = folder.resolve("moved.pt");
            try (var out = java.nio.file.Files.newOutputStream(written)) {
                archive.write(java.util.List.of("layer"), device, out);
            }
            String text = TinyArchive.text(written, "net/code/__torch__.py");
            assertTrue(text.contains(moved.replace("DEV", device)), text);
            assertFalse(text.contains(stored), text);
        }
    }

    @Test
    void whatMovesToTheGpuStaysOnACpu() throws IOException {
        assertTrue(TinyArchive.tapped(folder, net("torch.cuda(y)"), "layer").contains("return torch.cpu(y)"));
    }
}
