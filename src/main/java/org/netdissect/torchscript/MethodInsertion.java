package org.netdissect.torchscript;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Printer;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.Span;

/** Inserts new methods at the ends of classes; all other text is kept byte for byte. */
final class MethodInsertion {
    private MethodInsertion() {}

    /** The changed sources, by entry. */
    static Map<String, String> into(Map<String, SourceFile> code, Map<ModuleClass, List<MethodDef>> methods) {
        Map<String, String> changed = new HashMap<>();
        Comparator<ModuleClass> byEnd =
                Comparator.comparingInt(type -> type.definition().span().end());
        // Backwards from the end of a file, so that offsets of earlier classes stay valid.
        methods.keySet().stream().sorted(byEnd.reversed()).forEach(type -> {
            String text = changed.get(type.entry());
            if (text == null) {
                SourceFile file = code.get(type.entry());
                text = file == null ? "" : file.source().text();
            }
            String added = Printer.print(methods.getOrDefault(type, List.of()), indent(type, text));
            changed.put(type.entry(), insert(text, type.definition().span().end(), added));
        });
        return changed;
    }

    /** A text with functions at its end. */
    static String behind(String text, List<MethodDef> functions) {
        return insert(text, text.length(), Printer.print(functions, ""));
    }

    private static String insert(String text, int end, String added) {
        boolean lineEnds = text.startsWith("\n", end - 1);
        return text.substring(0, end) + (lineEnds ? "" : "\n") + added + text.substring(end);
    }

    /** Indentation of the first statement of the class body, which all statements of the block share. */
    private static String indent(ModuleClass type, String text) {
        Span opening = type.definition().body().get(0).span();
        if (opening.line() == type.definition().span().line()) {
            throw new InputException(type.entry() + ", line " + opening.line() + ": class " + type.name()
                    + " stands on one line, which PyTorch never writes; methods cannot be added to it");
        }
        int first = opening.start();
        String blanks = text.substring(text.lastIndexOf('\n', first - 1) + 1, first);
        return blanks.isBlank() ? blanks : "  ";
    }
}
