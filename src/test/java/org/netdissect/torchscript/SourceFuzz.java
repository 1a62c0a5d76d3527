package org.netdissect.torchscript;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.InputContract.NumberType;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Printer;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;
import org.netdissect.torchscript.syntax.Stmt;

/** Any text as TorchScript source: if it parses, it prints to the same tree, also after its modules are tapped. */
public final class SourceFuzz {
    private static final String ENTRY = "__torch__.py";

    private SourceFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
    public static void fuzzerTestOneInput(byte[] data) {
        SourceText source = new SourceText("fuzz.pt", new String(data, StandardCharsets.UTF_8));
        try {
            List<Stmt> tree = SourceFile.parse(source).statements();
            expectSame(tree, Printer.print(tree, ""));
            tap(source, tree);
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "");
        }
    }

    private static void tap(SourceText source, List<Stmt> tree) {
        Map<String, SourceFile> code = Map.of(ENTRY, new SourceFile(source, tree));
        ClassIndex index = ClassIndex.of("", code);
        Optional<ModuleClass> root = index.find("__torch__.Net");
        if (root.isEmpty()) {
            return;
        }
        CallGraph graph = new CallGraph(index, root.get());
        List<Edit> edits = ModuleTree.of(index, graph, root.get())
                .all()
                .skip(1)
                .filter(ModuleNode::tappable)
                .<Edit>map(layer -> new Edit.Tap(layer.name()))
                .toList();
        NumberType type = NumberType.FLOAT;
        Map<String, String> changed =
                MethodInsertion.into(code, Rewriting.methods(graph, Rewrite.of(edits), type, Optional.empty()));
        expectKept(tree, changed.getOrDefault(ENTRY, source.text()));
        LeakyCode leaky = new LeakyCode(index, graph, root.get(), new SourceFile(source, tree).names());
        Rewrite rewrite = new Rewrite(edits, true, "");
        changed = MethodInsertion.into(code, Rewriting.methods(graph, rewrite, type, Optional.of(leaky)));
        String text = changed.getOrDefault(ENTRY, source.text());
        expectKept(tree, MethodInsertion.behind(text, leaky.functions()));
    }

    private static void expectKept(List<Stmt> tree, String text) {
        List<Stmt> tapped = reparse(text);
        for (int i = 0; i < tree.size(); i++) {
            if (tree.get(i) instanceof ClassDef before
                    && !(tapped.get(i) instanceof ClassDef after
                            && after.body().subList(0, before.body().size()).equals(before.body()))) {
                throw new AssertionError("statement " + i + " changed in\n" + text);
            }
        }
    }

    private static void expectSame(List<Stmt> tree, String printed) {
        List<Stmt> again = reparse(printed);
        if (!tree.equals(again)) {
            throw new AssertionError("another tree after printing as\n" + printed);
        }
    }

    private static List<Stmt> reparse(String text) {
        try {
            return SourceFile.parse(new SourceText("printed", text)).statements();
        } catch (InputException e) {
            throw new AssertionError("what was printed cannot be parsed: " + e.getMessage() + "\n" + text, e);
        }
    }
}
