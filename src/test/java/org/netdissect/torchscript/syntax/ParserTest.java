package org.netdissect.torchscript.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;

class ParserTest {
    private static List<Stmt> parse(String text) {
        return Parser.parse(new SourceText("x.pt", text));
    }

    private static Expr expression(String text) {
        return assertInstanceOf(Stmt.Simple.class, parse(text + "\n").get(0))
                .operands()
                .get(0);
    }

    private static void assertRoundTrip(String label, String text) {
        List<Stmt> tree = parse(text);
        assertEquals(tree, parse(Printer.print(tree, "")), label);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a).forward((b).forward(x, ), )",
                "torch.conv2d(x, w, None, [1, 1], dtype=6, device=torch.device(\"cpu\"))",
                "annotate(List[Tensor], [])",
                "annotate(Dict[str, Tensor], {})",
                "uninitialized(Tuple[Tensor, Optional[__torch__.a.b.C]])",
                "unchecked_cast(int, x)",
                "CONSTANTS.c0",
                "(torch.size(x))[-2]",
                "x[1:2]",
                "x[:, ::2, ..., None]",
                "x[a, ]",
                "x[1:2, ]",
                "x[(a,), ]",
                "Tuple[()]",
                "(a,)",
                "()",
                "[1, 2.5, -3, inf, -inf, nan, 1.5e-05, 2.j]",
                "{\"a\": 1, \"b\": (2, 3)}",
                "a if b else c if d else e",
                "(a if b else c) if d else e",
                "not a and b or c",
                "not (a and b)",
                "a is not None and b not in c",
                "(not a) is b",
                "-a ** -b",
                "(-a) ** b",
                "(a ** b) ** c",
                "a - (b - c) - d",
                "a * (b + c) // ~d % e @ f",
                "(a < b) == c",
                "a << b | c & d ^ e",
                "lambda a, b: a + b",
                "f(*args, **kwargs)",
                "(1).real",
                "(-1).real",
                "getattr(self.base, \"0\")",
                "\"two\" ' parts'",
                "x.lambda"
            })
    void expressionsSurvivePrinting(String text) {
        Expr expr = expression(text);
        assertEquals(expr, expression(Printer.print(expr)), () -> Printer.print(expr));
    }

    @Test
    void operatorsBindAsInPython() {
        assertEquals("((a + (b * c)) < d) and (not e)", bracketed(expression("a + b * c < d and not e")));
        assertEquals("(a - b) - c", bracketed(expression("a - b - c")));
        assertEquals("a ** (-(b ** c))", bracketed(expression("a ** -b ** c")));
    }

    /** Expression with all brackets. */
    private static String bracketed(Expr expr) {
        String text = inner(expr);
        return text.startsWith("(") && expr instanceof Expr.Binary ? text.substring(1, text.length() - 1) : text;
    }

    private static String inner(Expr expr) {
        if (expr instanceof Expr.Binary binary) {
            return "(" + inner(binary.left()) + " " + binary.operator() + " " + inner(binary.right()) + ")";
        } else if (expr instanceof Expr.Unary unary) {
            String gap = unary.operator().equals("not") ? " " : "";
            return "(" + unary.operator() + gap + inner(unary.operand()) + ")";
        }
        return Printer.print(expr);
    }

    @Test
    void statementsSurvivePrinting() {
        assertRoundTrip("statements", """
                op_version_set = 1
                import __torch__.a.b
                from a import b
                def f(x: Tensor,
                    n: int=3,
                    *,
                    w: List[int]=[1, -1]) -> Tuple[Tensor, int]:
                  a, b, = x
                  c, = a
                  d, e = b, c
                  self.count = 1
                  x[0] = 2
                  y : Optional[int] = None
                  y += 1
                  for i in range(3):
                    if i == 1:
                      continue
                    elif i == 2:
                      break
                    else:
                      pass
                  for k, v in z:
                    print(k)
                  while True:
                    ops.prim.RaiseException("no")
                  with torch.no_grad() as g, h:
                    assert a, "message"
                  def inner():
                    return 1
                  raise Exception("x")
                  return (a, b)
                class A(NamedTuple):
                  x : Tensor
                class B(Enum):
                  RED = 1
                class C(ModuleInterface):
                  def forward(self, x: Tensor) -> Tensor:
                    pass
                class D:
                  @ignored
                  def f(s): return
                """);
    }

    @Test
    void classesTellTheirAttributesAndMethods() {
        ClassDef type = assertInstanceOf(ClassDef.class, parse("""
                class Net(Module):
                  __parameters__ = ["w", ]
                  __annotations__ = []
                  __annotations__["0"] = __torch__.A
                  w : Tensor
                  k : Final[int] = 3
                  def forward(self: __torch__.Net,
                      x: Tensor) -> Tensor:
                    return x
                """).get(0));
        assertEquals(ClassDef.Kind.MODULE, type.kind());
        assertEquals(List.of("0", "w", "k"), List.copyOf(type.attributes().keySet()));
        assertEquals(
                "__torch__.A",
                Printer.print(type.attributes().values().iterator().next()));
        assertEquals(List.of("forward"), List.copyOf(type.methods().keySet()));
    }

    @Test
    void spansTellPlaces() {
        String text = "import a\nclass A:\n  def f(self):\n    return 1\nclass B:\n  pass";
        List<Stmt> tree = parse(text);
        Span a = tree.get(1).span();
        assertEquals("class A:\n  def f(self):\n    return 1\n", text.substring(a.start(), a.end()));
        assertEquals(2, a.line());
        assertEquals(text.length(), tree.get(2).span().end());
    }

    @Test
    void malformedSourceNamesFileAndLine() {
        assertError("x.pt, line 2: found the end of the line where an expression was expected", "a = 1\nb =\n");
        assertError("x.pt, line 1: found 'b' where ')' was expected", "def f(a b):\n  pass\n");
        assertError("x.pt, line 2: found 'pass' where an indented block was expected", "class A:\npass\n");
        assertError("x.pt, line 1: chained comparisons are not TorchScript", "a < b < c\n");
    }

    @Test
    void depthIsBounded() {
        assertTrue(failure("(".repeat(100_000)).contains("nested"));
        assertTrue(failure("a" + ".b".repeat(100_000) + "\n").contains("deep"));
        assertTrue(failure("- ".repeat(100_000) + "a\n").contains("nested"));
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            blocks.append(" ".repeat(i)).append("if a:\n");
        }
        assertTrue(failure(blocks.toString()).contains("nested"));
        assertTrue(failure("if a:\n  b\n" + "elif a:\n  b\n".repeat(10_000)).contains("nested"));
    }

    @Test
    void depthIsBoundedWhereverAnExpressionStands() {
        String chain = "a" + ".b".repeat(100_000);
        for (String text : List.of(
                "class A(" + chain + "):\n  pass\n",
                "x : " + chain + "\n",
                "def f(x: " + chain + "):\n  pass\n",
                "def f(x=" + chain + "):\n  pass\n",
                "def f() -> " + chain + ":\n  pass\n",
                "with " + chain + ":\n  pass\n",
                "for " + chain + " in x:\n  pass\n",
                "assert " + chain + "\n",
                "@" + chain + "\ndef f():\n  pass\n")) {
            assertTrue(failure(text).contains("deep"), failure(text));
        }
    }

    @Test
    void oddStatementsSurvivePrinting() {
        assertRoundTrip("operators in a loop's target", "for (a in b) in c:\n  d\nfor (a if b else c), d in e:\n  f\n");
        assertRoundTrip("a line that goes on with nothing", "import a \\\n\nimport b # no name\n");
        assertRoundTrip("as many branches as are read", "if a:\n  b\n" + "elif a:\n  b\n".repeat(190));
    }

    private static void assertError(String message, String text) {
        assertEquals(message, failure(text));
    }

    private static String failure(String text) {
        return String.valueOf(
                assertThrows(InputException.class, () -> parse(text)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/squeezenet1_0-imagenet.traced.pt",
                "models/squeezenet1_0-imagenet.scripted.pt",
                "models/squeezenet1_1bn-places365.traced.pt",
                "models/squeezenet1_1bn-places365.scripted.pt",
                "torchscript/d2go_partly_quantised.pt",
                "torchscript/scripted_ssd.pt",
                "torchscript/scripted_mlp.pt",
                "torchscript/tiny_no_submodules.pt",
                "torchscript/prepacked_no_tensors.pt"
            })
    void realSourceSurvivesPrinting(String name) throws IOException {
        int files = 0;
        try (ZipFile zip = new ZipFile(SharedData.require(name).toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".py")) {
                    try (var in = zip.getInputStream(entry)) {
                        assertRoundTrip(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    files++;
                }
            }
        }
        assertTrue(files > 0, "no source seen");
    }
}
