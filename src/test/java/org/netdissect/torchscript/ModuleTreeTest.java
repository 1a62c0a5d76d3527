package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.InputException;

class ModuleTreeTest {
    private static final String CODE = """
            class Leaf(Module):
              weight : Tensor
              def forward(self: __torch__.Leaf,
                x: Tensor) -> Tensor:
                return x
            class Pair(Module):
              def forward(self: __torch__.Pair,
                x: Tensor) -> Tuple[Tensor, Tensor]:
                return (x, x)
            class Nothing(Module):
              def forward(self: __torch__.Nothing,
                x: Tensor) -> NoneType:
                return None
            class List2(Module):
              __annotations__["0"] = __torch__.Leaf
              __annotations__["1"] = __torch__.Leaf
            class Any(ModuleInterface):
              def forward(self, x: Tensor) -> Tensor:
                pass
            class Point(NamedTuple):
              x : Tensor
            class Net(Module):
              training : bool
              point : __torch__.Point
              maybe : Optional[__torch__.Leaf]
              features : __torch__.List2
              pair : __torch__.Pair
              drop : __torch__.Nothing
              unused : __torch__.Leaf
              any : __torch__.Any
              given : __torch__.Leaf
              forked : __torch__.Leaf
              either : __torch__.Leaf
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
                _0 = self.features
                x0 = (getattr(_0, "0")).forward(x, )
                for i in range(3):
                  x1 = (getattr(_0, "1")).forward(x0, )
                x2 = (getattr(_0, "1")).forward(x1, )
                a, b, = (self.pair).forward(x2, )
                _1 = (self.drop).forward(a, )
                x3 = (self.any).forward(a, )
                x4 = __torch__.helper(self.given, x3, )
                def __forked():
                  return (self.forked).forward(x4, )
                _2 = fork(__forked)
                if self.training:
                  m = self.either
                else:
                  m = self.given
                return (m).forward(x4, )
            """;

    @TempDir
    Path folder;

    private TorchScriptArchive archive() throws IOException {
        return TinyArchive.open(folder, CODE);
    }

    private ModuleNode node(String name) throws IOException {
        return archive().modules().stream()
                .filter(module -> module.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void modulesComeInDeclarationOrderDepthFirst() throws IOException {
        assertEquals(
                List.of(
                        "features",
                        "features.0",
                        "features.1",
                        "pair",
                        "drop",
                        "unused",
                        "any",
                        "given",
                        "forked",
                        "either"),
                archive().modules().stream().map(ModuleNode::name).toList());
        assertEquals("", archive().root().name());
        assertEquals("Leaf", node("features.0").simpleType());
        assertEquals(List.of("Tensor"), archive().inputTypes());
        assertEquals(1, archive().inputTypes().size());
    }

    @Test
    void callSitesAreCounted() throws IOException {
        assertEquals(1, node("features.0").uses());
        assertEquals(2, node("features.1").uses());
        assertEquals(0, node("unused").uses());
        assertEquals(0, node("features").uses());
    }

    @Test
    void returnTypesAreSourceText() throws IOException {
        assertEquals("Tuple[Tensor, Tensor]", node("pair").returnType().orElseThrow());
        assertTrue(node("features").returnType().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "features|is a container whose forward is never called; choose one of features.0, features.1",
                "pair|returns Tuple[Tensor, Tensor], not a Tensor",
                "drop|gives nothing: it was traced as passing its input on; choose the layer before it",
                "unused|is never called by the network's forward",
                "any|is known by the interface __torch__.Any only, so its calls cannot be followed",
                "given|is handed on as an argument, where its calls cannot be followed",
                "forked|is called in a forked function only, where its output cannot be stored",
                "either|is never called by the network's forward"
            })
    void obstaclesSayWhy(String name, String reason) throws IOException {
        assertEquals(reason, node(name).obstacle().orElseThrow());
        InputException e = assertThrows(InputException.class, () -> archive().select(List.of(name)));
        assertTrue(String.valueOf(e.getMessage()).endsWith(": layer " + name + " " + reason), e.getMessage());
    }

    @Test
    void patternsSelectWhatCanBeTapped() throws IOException {
        assertEquals(List.of("features.0", "features.1"), archive().select(List.of("*")));
        assertEquals(List.of("features.0", "features.1"), archive().select(List.of("features.1", "f*0", "features.?")));
    }

    @Test
    void classesThatHoldThemselvesAreRefused() {
        assertRefused("levels", "class Net(Module):\n  a : __torch__.Net\n");
        assertRefused("calls itself", """
                class Net(Module):
                  def forward(self, x: Tensor) -> Tensor:
                    return (self).forward(x, )
                """);
    }

    @Test
    void classesThatMultiplyWithoutEndAreRefused() {
        assertRefused("more than 1000 letters", """
                class Net(Module):
                  a : __torch__.Net
                  def forward(self, x: Tensor) -> Tensor:
                    return (self.a).forward(x, )
                """);
        StringBuilder doubling = new StringBuilder("""
                class C0(Module):
                  def forward(self, x: Tensor) -> Tensor:
                    return x
                """);
        for (int i = 1; i <= 60; i++) {
            String type = i == 60 ? "Net" : "C" + i;
            doubling.append("""
                    class %s(Module):
                      a : __torch__.C%d
                      b : __torch__.C%d
                      def forward(self, x: Tensor) -> Tensor:
                        return (self.b).forward((self.a).forward(x, ), )
                    """.formatted(type, i - 1, i - 1));
        }
        assertRefused("more than 100000 methods", doubling.toString());
        String calls = "    (self.a).f(x, )\n".repeat(1000);
        assertRefused(
                "1000000 calls",
                "class L(Module):\n  def f(self, x: Tensor) -> Tensor:\n    return x\n"
                        + "class M(Module):\n  a : __torch__.L\n  def f(self, x: Tensor) -> Tensor:\n" + calls
                        + "class Net(Module):\n"
                        + "  %s : __torch__.M\n".repeat(1001).formatted(numbered("m"))
                        + "  def forward(self, x: Tensor) -> Tensor:\n"
                        + "    (self.%s).f(x, )\n".repeat(1001).formatted(numbered("m")));
    }

    private static Object[] numbered(String letter) {
        return IntStream.range(0, 1001).mapToObj(i -> letter + i).toArray();
    }

    @Test
    void methodsThatMakeNoSenseAreRefusedOrCannotBeTapped() throws IOException {
        assertRefused("without self", "class Net(Module):\n  def forward() -> Tensor:\n    return x\n");
        TorchScriptArchive archive = TinyArchive.open(folder, """
                class L(Module):
                  def forward(self, x: Tensor) -> Tensor:
                    return
                class Net(Module):
                  a : __torch__.L
                  def forward(self, x: Tensor) -> Tensor:
                    return (self.a).forward(x, )
                """);
        InputException e = assertThrows(InputException.class, () -> archive.select(List.of("a")));
        assertTrue(String.valueOf(e.getMessage()).contains("a return in its forward gives nothing"), e.getMessage());
    }

    @Test
    void classesOnOneLineCannotBeTapped() throws IOException {
        TorchScriptArchive archive = TinyArchive.open(folder, """
                class L(Module): def forward(self, x: Tensor) -> Tensor: return x
                class Net(Module):
                  a : __torch__.L
                  def forward(self, x: Tensor) -> Tensor:
                    return (self.a).forward(x, )
                """);
        InputException e = assertThrows(
                InputException.class, () -> archive.writeTapped(List.of("a"), OutputStream.nullOutputStream()));
        assertTrue(String.valueOf(e.getMessage()).contains("line 1: class __torch__.L stands on one line"));
    }

    @Test
    void networksWithoutForwardAreListed() throws IOException {
        TorchScriptArchive archive =
                TinyArchive.open(folder, "class L(Module):\n  pass\nclass Net(Module):\n  a : __torch__.L\n");
        assertEquals(1, archive.modules().size());
        assertThrows(InputException.class, archive::inputTypes);
    }

    private void assertRefused(String words, String code) {
        InputException e = assertThrows(InputException.class, () -> TinyArchive.open(folder, code));
        assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
    }
}
