package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;

/** Taps in sources as PyTorch writes them. Each comparison shows the methods that are added. */
class TapTest {
    private static final String LEAF = """
            class Leaf(Module):
              def forward(self: __torch__.Leaf,
                x: Tensor) -> Tensor:
                return torch.relu_(x)
            """;

    @TempDir
    Path folder;

    private static String net(String declarations, String body) {
        return LEAF + "class Net(Module):\n" + declarations.indent(2)
                + "  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n" + body.indent(4);
    }

    /** Text added after the source, which must be unchanged. */
    private String added(String code, String... layers) throws IOException {
        String tapped = TinyArchive.tapped(folder, code, layers);
        int same = 0;
        StringBuilder added = new StringBuilder();
        List<String> before = code.lines().toList();
        for (String line : tapped.lines().toList()) {
            if (same < before.size() && before.get(same).equals(line)) {
                same++;
            } else {
                added.append(line).append('\n');
            }
        }
        assertEquals(before.size(), same, () -> "the old lines changed:\n" + tapped);
        SourceFile.parse(new SourceText("tapped", tapped));
        return added.toString();
    }

    @Test
    void callsThroughAnAlias() throws IOException {
        assertEquals(
                """
                  def tapped_1_forward(self: __torch__.Leaf,
                    taps: Dict[str, Tensor],
                    x: Tensor) -> Tensor:
                    output = torch.relu_(x)
                    taps["a"] = torch.clone(output, memory_format=0)
                    return output
                  def tapped_0_forward(self: __torch__.Net,
                    taps: Dict[str, Tensor],
                    x: Tensor) -> NoneType:
                    a = self.a
                    a.tapped_1_forward(taps, x)
                    return None
                  def forward_tapped(self: __torch__.Net,
                    x: Tensor) -> Dict[str, Tensor]:
                    taps = annotate(Dict[str, Tensor], {})
                    output = self.tapped_0_forward(taps, x)
                    names = torch.keys(taps)
                    for name in names:
                      value = taps[name]
                      if torch.is_complex(value):
                        taps[name] = torch.to(value, 9)
                      else:
                        taps[name] = torch.dequantize(value)
                    return taps
                  def forward_tapped_channels_last(self: __torch__.Net,
                    x: Tensor) -> Dict[str, Tensor]:
                    taps = annotate(Dict[str, Tensor], {})
                    output = self.tapped_0_forward(taps, torch.contiguous(x, memory_format=2))
                    names = torch.keys(taps)
                    for name in names:
                      value = taps[name]
                      if torch.is_complex(value):
                        taps[name] = torch.to(value, 9)
                      else:
                        taps[name] = torch.dequantize(value)
                    return taps
                """,
                added(net("a : __torch__.Leaf", "a = self.a\n_0 = (a).forward(x, )\nreturn torch.add(_0, 1)"), "a"));
    }

    @Test
    void digitsAndNestedContainers() throws IOException {
        String code = net("features : __torch__.Seq", """
                _5 = self.features
                _6 = getattr(_5, "0")
                x0 = (_6).forward(x, )
                return (getattr(self.features, "1")).forward(x0, )
                """)
                + "class Seq(Module):\n  __annotations__ = []\n  __annotations__[\"0\"] = __torch__.Leaf\n"
                + "  __annotations__[\"1\"] = __torch__.Leaf\n";
        String added = added(code, "features.0", "features.1");
        assertTrue(added.contains("x0 = _6.tapped_1_forward(taps, x)"), added);
        assertTrue(added.contains("    getattr(self.features, \"1\").tapped_2_forward(taps, x0)\n"), added);
        assertTrue(added.contains("taps[\"features.0\"] = ") && added.contains("taps[\"features.1\"] = "), added);
    }

    @Test
    void onlyTheChosenPathIsCopied() throws IOException {
        String code = net("a : __torch__.Leaf\nb : __torch__.Leaf", "return (self.b).forward((self.a).forward(x, ), )");
        String added = added(code, "a");
        assertTrue(added.contains("    self.a.tapped_1_forward(taps, x)\n"), added);
        assertFalse(added.contains("self.b"), added);
        assertFalse(added.contains("taps[\"b\"]"), added);
    }

    @Test
    void everyUseOfATracedModuleStores() throws IOException {
        String code = """
                class Leaf(Module):
                  def forward(s: __torch__.Leaf,
                    x: Tensor) -> Tensor:
                    return torch.relu(x)
                  def forward1(s: __torch__.Leaf,
                    x: Tensor) -> Tensor:
                    return torch.relu(x)
                class Net(Module):
                  a : __torch__.Leaf
                  def forward(s: __torch__.Net,
                    x: Tensor) -> Tensor:
                    return (s.a).forward1((s.a).forward(x, ), )
                """;
        String added = added(code, "a");
        assertTrue(added.contains("    s.a.tapped_1_forward1(taps, s.a.tapped_2_forward(taps, x))\n"), added);
        assertEquals(2, TinyArchive.open(folder, code).modules().get(0).uses());
    }

    @Test
    void ownMethodsAreFollowedAndStoreNothing() throws IOException {
        String code = net("a : __torch__.Leaf", "return (self)._forward_impl(x, )")
                + "  def _forward_impl(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return (self.a).forward(x, )\n";
        String added = added(code, "a");
        assertTrue(added.contains("    self.tapped_1__forward_impl(taps, x)\n"), added);
        assertEquals(1, added.split("torch.clone", -1).length - 1, added);
    }

    @Test
    void aSharedClassGetsMethodsPerPath() throws IOException {
        String code = LEAF + """
                class Block(Module):
                  a : __torch__.Leaf
                  def forward(self: __torch__.Block,
                    x: Tensor) -> Tensor:
                    return (self.a).forward(x, )
                class Net(Module):
                  p : __torch__.Block
                  q : __torch__.Block
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    return (self.q).forward((self.p).forward(x, ), )
                """;
        String added = added(code, "p.a", "q.a", "q");
        assertTrue(added.contains("taps[\"p.a\"]") && added.contains("taps[\"q.a\"]") && added.contains("taps[\"q\"]"));
        assertFalse(added.contains("taps[\"p\"]"), added);
        assertEquals(7, added.split("def ", -1).length - 1, added);
    }

    @Test
    void branchesLoopsAndDefaults() throws IOException {
        String code = """
                class Leaf(Module):
                  def forward(self: __torch__.Leaf,
                    x: Tensor,
                    n: int=3) -> Tensor:
                    if torch.gt(n, 2):
                      return x
                    else:
                      _0 = torch.neg(x)
                    return _0
                """ + net("a : __torch__.Leaf\nb : __torch__.Leaf", """
                for _0 in range(3):
                  if torch.eq(_0, 1):
                    x0 = (self.a).forward(x, )
                  else:
                    x0 = (self.b).forward(x, n=1)
                return x0
                """).substring(LEAF.length());
        String added = added(code, "a", "b");
        assertTrue(added.contains("x0 = self.a.tapped_1_forward(taps, x)"), added);
        assertTrue(added.contains("x0 = self.b.tapped_2_forward(taps, x, n=1)"), added);
        assertTrue(added.contains("taps: Dict[str, Tensor],\n    x: Tensor,\n    n: int=3)"), added);
        assertEquals(4, added.split("torch.clone", -1).length - 1, added);
    }

    @Test
    void aContainerAndItsChild() throws IOException {
        String code = LEAF + """
                class Seq(Module):
                  __annotations__["0"] = __torch__.Leaf
                  def forward(self: __torch__.Seq,
                    x: Tensor) -> Tensor:
                    return (getattr(self, "0")).forward(x, )
                """
                + net("f : __torch__.Seq", "return (self.f).forward(x, )").substring(LEAF.length());
        String added = added(code, "f.0", "f");
        assertTrue(added.contains("output = getattr(self, \"0\").tapped_2_forward(taps, x)\n    taps[\"f\"] ="), added);
    }

    @Test
    void newNamesKeepOutOfTheWay() throws IOException {
        String code = net("a : __torch__.Leaf\ntapped_0_forward : int", """
                taps = 1
                output = (self.a).forward(x, )
                return output
                """);
        String added = added(code, "a");
        assertTrue(added.contains("def tapped_0_forward_(self: __torch__.Net,\n    taps_: Dict"), added);
        assertTrue(added.contains("    self.a.tapped_1_forward(taps_, x)\n"), added);
    }

    @Test
    void indentationAndMissingLineEndsAreKept() throws IOException {
        String code = """
                class Leaf(Module):
                    def forward(self, x: Tensor) -> Tensor:
                        return x
                class Net(Module):
                    a : __torch__.Leaf
                    def forward(self, x: Tensor) -> Tensor:
                        return (self.a).forward(x, )""";
        assertTrue(added(code, "a").contains("    def forward_tapped(self,\n      x: Tensor) -> Dict[str, Tensor]:\n"));
    }

    @Test
    void deepCodeWithinTheBoundsIsTapped() throws IOException {
        String chain = "x" + ".y".repeat(490) + "\n";
        String nested = "torch.neg(".repeat(90) + "x" + ")".repeat(90) + "\n";
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; i < 90; i++) {
            blocks.append("  ".repeat(i)).append("if True:\n");
        }
        blocks.append("  ".repeat(90)).append("y = (self.a).forward(x, )\n");
        assertTrue(added(net("a : __torch__.Leaf", chain + nested + blocks + "return x"), "a")
                .contains("  self.a.tapped_1_forward(taps, x)\n"));
    }

    @Test
    void nothingBehindTheLastTapIsComputed() throws IOException {
        String code = net("a : __torch__.Leaf\nb : __torch__.Leaf", """
                y = torch.cat([torch.neg((self.a).forward(x, )), (self.b).forward(x, )])
                z = (self.b).forward(torch.relu_(y), )
                return torch.flatten(z)
                """);
        String added = added(code, "a");
        assertTrue(added.contains("-> NoneType:\n    self.a.tapped_1_forward(taps, x)\n    return None\n"), added);
        assertFalse(added.contains("relu_(y)") || added.contains("torch.cat") || added.contains("flatten"), added);
    }

    @Test
    void aBranchEndsAfterItsOwnTaps() throws IOException {
        String code = net("a : __torch__.Leaf\nb : __torch__.Leaf", """
                if torch.eq(1, 2):
                  y = (self.a).forward(x, )
                  z = torch.neg(y)
                else:
                  z = torch.exp(x)
                w = (self.b).forward(z, )
                return w
                """);
        String added = added(code, "a");
        assertTrue(
                added.contains(
                        "    if torch.eq(1, 2):\n      self.a.tapped_1_forward(taps, x)\n    else:\n      pass\n"),
                added);
        assertFalse(added.contains("torch.neg") || added.contains("torch.exp"), added);
    }

    /** Values that a loop computes after the tap may be used in its next iteration. */
    @Test
    void loopsAndConditionsStayWhole() throws IOException {
        String loop = added(net("a : __torch__.Leaf", """
                y = x
                for i in range(3):
                  z = (self.a).forward(y, )
                  y = torch.neg(z)
                return torch.exp(y)
                """), "a");
        assertTrue(
                loop.contains("z = self.a.tapped_1_forward(taps, y)\n      y = torch.neg(z)\n    return None"), loop);
        String choice = added(
                net("a : __torch__.Leaf", "return torch.exp((self.a).forward(x, ) if torch.eq(1, 2) else x)"), "a");
        assertTrue(choice.contains("    self.a.tapped_1_forward(taps, x) if torch.eq(1, 2) else x\n"), choice);
        assertFalse(choice.contains("torch.exp"), choice);
    }

    @Test
    void aMethodThatReturnsEarlyKeepsItsResult() throws IOException {
        String added = added(net("a : __torch__.Leaf", """
                if torch.eq(1, 2):
                  return x
                y = (self.a).forward(x, )
                return torch.neg(y)
                """), "a");
        assertTrue(added.contains("return torch.neg(y)"), added);
        assertFalse(added.contains("NoneType"), added);
    }

    @Test
    void keywordOnlyArgumentsAreHandedOn() throws IOException {
        String code = net("a : __torch__.Leaf", "return (self.a).forward(x, )")
                .replace(
                        "self: __torch__.Net,\n    x: Tensor)",
                        "self: __torch__.Net,\n    x: Tensor,\n    *,\n    y: int=3)");
        assertTrue(code.contains("y: int=3"), code);
        String added = added(code, "a");
        assertTrue(added.contains("output = self.tapped_0_forward(taps, x, y=y)"), added);
        assertEquals(
                java.util.List.of("Tensor", "int"),
                TinyArchive.open(folder, code).inputTypes());
    }

    @Test
    void rewritingTwiceIsRefused() throws IOException {
        String once = TinyArchive.tapped(folder, net("a : __torch__.Leaf", "return (self.a).forward(x, )"), "a");
        InputException e = assertThrows(InputException.class, () -> TinyArchive.tapped(folder, once, "a"));
        assertTrue(String.valueOf(e.getMessage()).contains("has a method forward_tapped already"), e.getMessage());
    }
}
