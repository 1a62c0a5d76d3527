package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;

/** Taps of the output, sources of gradients, leaky rectifiers and methods from text, as sources. */
class RewriteTest {
    private static final String CODE = """
            class Leaf(Module):
              def forward(self: __torch__.Leaf,
                x: Tensor) -> Tensor:
                return torch.relu_(x)
            class Net(Module):
              a : __torch__.Leaf
              b : __torch__.Leaf
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
                y = (self.a).forward(x, )
                return torch.neg((self.b).forward(y, ))
            """;

    @TempDir
    Path folder;

    private String rewritten(String code, Rewrite rewrite) throws IOException {
        Path file = Files.createTempFile(folder, "rewritten", ".pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TinyArchive.open(folder, code).rewrite(rewrite, "cpu", out);
        }
        return TinyArchive.text(file, "net/code/__torch__.py");
    }

    private String refused(String code, Rewrite rewrite) {
        return Failures.message(InputException.class, () -> rewritten(code, rewrite));
    }

    private RectifierCount count(String body) throws IOException {
        return TinyArchive.open(folder, CODE.replace("return torch.relu_(x)", body.replace("\n", "\n    ")))
                .rectifiers();
    }

    @Test
    void aTapOfTheOutputCutsNothingOff() throws IOException {
        String text = rewritten(CODE, Rewrite.of(List.of(new Edit.Tap(TorchScriptArchive.OUTPUT))));
        assertTrue(text.contains("""
                  def tapped_0_forward(self: __torch__.Net,
                    taps: Dict[str, Tensor],
                    x: Tensor) -> Tensor:
                    y = self.a.forward(x)
                    output = torch.neg(self.b.forward(y))
                    taps["(output)"] = torch.clone(output, memory_format=0)
                    return output
                """.indent(0)), text);
        assertFalse(text.contains("is_floating_point"), text);
    }

    @Test
    void everyReturnOfTheOutputIsTapped() throws IOException {
        String code = CODE.replace("x: Tensor) -> Tensor:\n    y =", "x: Tensor) -> Optional[Tensor]:\n    y =")
                .replace(
                        "    return torch.neg",
                        "    if torch.gt(torch.dim(y), 4):\n      return None\n    return torch.neg");
        String text = rewritten(code, Rewrite.of(List.of(new Edit.Tap(TorchScriptArchive.OUTPUT))));
        assertEquals(3, text.split("torch._unwrap_optional\\(output\\)", -1).length, text);
        assertTrue(text.contains("      output = annotate(Optional[Tensor], None)\n"), text);
    }

    @ParameterizedTest
    @CsvSource({"int", "List[str]", "List[()]", "__torch__.Endless", "__torch__.Leaf", "Tuple[int; Dict[str; int]]"})
    void anOutputWithoutTensorsIsRefused(String type) {
        String named = type.replace(';', ',');
        String endless =
                "class Endless(NamedTuple):\n  a : __torch__.Endless\n  b : Tuple[__torch__.Endless, List[int]]\n";
        String code = endless + CODE.replace("x: Tensor) -> Tensor:\n    y =", "x: Tensor) -> " + named + ":\n    y =");
        String message = refused(code, Rewrite.of(List.of(new Edit.Tap(TorchScriptArchive.OUTPUT))));
        assertTrue(message.contains("the network's output is " + named + ", in which no tensor is found"), message);
        assertTrue(message.contains(".pt: "), message);
    }

    @Test
    void onlyATapTakesTheOutput() {
        for (Edit edit : List.of(
                new Edit.Scale(TorchScriptArchive.OUTPUT, "mask"), new Edit.Source(TorchScriptArchive.OUTPUT))) {
            String message = refused(CODE, Rewrite.of(List.of(edit)));
            assertTrue(message.contains("(output)"), message);
        }
    }

    @Test
    void aSourceGoesOnFromTheStoredTensor() throws IOException {
        String text = rewritten(CODE, Rewrite.of(List.of(new Edit.Source("a"), new Edit.Tap("b"))));
        assertTrue(text.contains("""
                    output = torch.relu_(x)
                    kept = torch.clone(output, memory_format=0)
                    if torch.is_floating_point(kept):
                      kept = torch.to(kept, 6)
                    taps["a"] = kept
                    output = torch.type_as(torch.clone(kept), output)
                    return output
                """), text);
        assertTrue(text.contains("""
                      elif torch.is_floating_point(value):
                        taps[name] = torch.to(value, 6)
                      else:
                """), text);
    }

    /** Rectifiers get leaky, and nothing behind the last tap is computed. */
    @Test
    void leakyTaps() throws IOException {
        List<Edit> edits = List.of(new Edit.Tap("b"));
        String plain = rewritten(CODE, Rewrite.of(edits));
        String text = rewritten(CODE, new Rewrite(edits, true, ""));
        String copies = plain.substring(plain.indexOf("  def tapped_0"), plain.indexOf("  def forward_tapped"));
        assertTrue(text.contains(copies), text);
        assertTrue(text.contains("""
                  def leaky_2_forward(self: __torch__.Leaf,
                    taps: Dict[str, Tensor],
                    x: Tensor) -> Tensor:
                    output = __torch__.leaky_relu_(x)
                    taps["b"] = torch.clone(output, memory_format=0)
                    return output
                """.indent(0)), text);
        assertTrue(text.contains("""
                  def leaky_0_forward(self: __torch__.Net,
                    taps: Dict[str, Tensor],
                    x: Tensor) -> NoneType:
                    y = self.a.leaky_1_forward(taps, x)
                    self.b.leaky_2_forward(taps, y)
                    return None
                """.indent(0)), text);
        assertTrue(text.contains("    output = self.leaky_0_forward(taps, x)\n"), text);
        assertTrue(text.contains("""
                def leaky_relu_(x: Tensor) -> Tensor:
                  return torch.copy_(x, __torch__.leaky_relu(torch.clone(x)))
                """), text);
        assertEquals(text, rewritten(CODE, new Rewrite(edits, true, "")));
    }

    @Test
    void aNetworkWithoutRectifiersHasLeakyTapsToo() throws IOException {
        String code = CODE.replace("relu_", "abs");
        String text = rewritten(code, new Rewrite(List.of(new Edit.Tap("b")), true, ""));
        assertTrue(text.contains("def forward_tapped_leaky("), text);
        assertFalse(text.contains("def leaky_relu"), text);
        assertEquals(new RectifierCount(0, 0), TinyArchive.open(folder, code).rectifiers());
    }

    @Test
    void functionsWithRectifiersAreCopied() throws IOException {
        String code = CODE.replace("torch.relu_(x)", "__torch__.outer(x, )") + """
                def inner(x: Tensor,
                    low: float=0.) -> Tensor:
                  if True:
                    y = torch.clamp_min(x, low)
                  else:
                    y = x
                  return y
                def outer(x: Tensor) -> Tensor:
                  f = __torch__.inner
                  return f(torch.neg(__torch__.other(x, )), )
                def other(x: Tensor) -> Tensor:
                  return x
                def leaky_thing(x: Tensor) -> Tensor:
                  return torch.relu(x)
                """;
        String text = rewritten(code, new Rewrite(List.of(new Edit.Tap("b")), true, ""));
        assertTrue(text.startsWith(code.substring(0, code.indexOf("class Net"))), text);
        assertTrue(text.contains("    output = __torch__.leaky__1_outer(x)\n"), text);
        assertTrue(text.contains("""
                def leaky__1_outer(x: Tensor) -> Tensor:
                  f = __torch__.leaky__0_inner
                  return f(torch.neg(__torch__.other(x)))
                """), text);
        assertTrue(text.contains("    y = __torch__.leaky__clamp_min(x, low)\n"), text);
        assertFalse(text.contains("_thing(x: Tensor) -> Tensor:\n  return __torch__"), text);
        assertEquals(new RectifierCount(1, 0), TinyArchive.open(folder, code).rectifiers());
    }

    @Test
    void rectifiersAreCounted() throws IOException {
        assertEquals(new RectifierCount(1, 0), count("return torch.relu_(x)"));
        assertEquals(new RectifierCount(2, 0), count("y = torch.clamp(x, -1, 1)\nreturn torch.clamp(y, max=inf)"));
        assertEquals(new RectifierCount(0, 0), count("return torch.clamp(x, None, None)"));
        assertEquals(new RectifierCount(0, 0), count("return torch.gelu(torch.leaky_relu(x, 0.1))"));
        assertEquals(new RectifierCount(0, 1), count("return torch.clamp(x, torch.neg(x))"));
        assertEquals(new RectifierCount(1, 1), count("return torch.relu(torch.clamp_min_(x, n))"));
        assertEquals(new RectifierCount(0, 1), count("def f(x: Tensor):\n  return torch.relu(x)\nreturn fork(f, x)"));
        assertEquals(new RectifierCount(0, 1), count("return torch.threshold(x, 1.)"));
        assertEquals(new RectifierCount(0, 1), count("return torch.hardtanh(x, -1., 1., 5)"));
        assertEquals(new RectifierCount(0, 1), count("return torch.relu(input=x)"));
    }

    @Test
    void methodsFromTextGoBehindTheOthers() throws IOException {
        String methods = """
                def twice(self, x: Tensor,
                    n: int=2) -> Tensor:
                    return torch.mul(x, n)

                def run(self, x: Tensor) -> Dict[str, Tensor]:
                    return (self).forward_tapped((self).twice(x, ), )
                """;
        String text = rewritten(CODE, new Rewrite(List.of(new Edit.Tap("a")), false, methods));
        assertTrue(text.endsWith("""
                  def twice(self: __torch__.Net,
                    x: Tensor,
                    n: int=2) -> Tensor:
                    return torch.mul(x, n)
                  def run(self: __torch__.Net,
                    x: Tensor) -> Dict[str, Tensor]:
                    return self.forward_tapped(self.twice(x))
                """.indent(0)), text);
        assertTrue(rewritten(CODE, new Rewrite(List.of(), true, methods)).contains("def twice("));
    }

    @Test
    void methodsFromTextMustBeMethodsOfNewNames() {
        for (String name : List.of("forward", "a", "forward_tapped", "tapped_0_forward")) {
            String message = refused(CODE, text("def " + name + "(self) -> int:\n  return 1\n"));
            assertTrue(message.contains("added methods, line 1: "), message);
            assertTrue(message.contains("has a method or attribute " + name + " already"), message);
        }
        String one = "def one(self) -> int:\n  return 1\n";
        assertTrue(refused(CODE, text(one + one)).contains("line 3: "));
        assertTrue(refused(CODE, text(one + "x = 1\n")).contains("line 3: expected a method"));
        assertTrue(refused(CODE, text("def one() -> int:\n  return 1\n")).contains("line 1: expected a method"));
        String broken = refused(CODE, text(one + "def two(self:\n"));
        assertTrue(broken.contains("added methods, line "), broken);
    }

    /** It needs operators that the engine lacks, so it is not loaded. */
    @Test
    void aDetectorWithRectifiersOfViews() throws IOException {
        Path file = SharedData.require("torchscript/d2go_partly_quantised.pt");
        TorchScriptArchive archive = TorchScriptArchive.open(file);
        assertEquals(new RectifierCount(5, 8), archive.rectifiers());
        List<Edit> layers = archive.modules().stream()
                .filter(ModuleNode::tappable)
                .<Edit>map(module -> new Edit.Tap(module.name()))
                .toList();
        Path copy = folder.resolve("copy.pt");
        try (OutputStream out = Files.newOutputStream(copy)) {
            archive.rewrite(new Rewrite(layers, true, ""), "cpu", out);
        }
        assertTrue(TorchScriptArchive.open(copy).rootClass().methods().containsKey("forward_tapped_leaky"));
    }

    private static Rewrite text(String methods) {
        return new Rewrite(List.of(new Edit.Tap("a")), false, methods);
    }
}
