package org.netdissect.exported;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.netdissect.base.InputException;

/** Makes dotted names of a foreign file attributes that TorchScript's code can name. */
final class ModulePath {
    private static final int MAX_LENGTH = 1_000;
    private static final int MAX_DEPTH = 60;

    /** Words of Python that are no attributes, and attributes that every module has. */
    private static final Set<String> TAKEN = Set.of(
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "False",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "None",
            "nonlocal",
            "not",
            "or",
            "pass",
            "raise",
            "return",
            "True",
            "try",
            "while",
            "with",
            "yield",
            "print",
            "self",
            "training",
            "forward",
            "__parameters__",
            "__buffers__",
            "__annotations__");

    private static final String OTHER_TYPE = "torch.nn.modules.module.Module";

    private ModulePath() {}

    /** The attributes of a dotted name; letters that they cannot have become underscores. */
    static List<String> attributes(String file, String dotted) {
        String[] parts = dotted.split("\\.", -1);
        if (dotted.length() > MAX_LENGTH || parts.length > MAX_DEPTH) {
            throw new InputException(
                    file + ": damaged: a name of " + dotted.length() + " letters, " + Shown.of(dotted));
        }
        return Stream.of(parts).map(ModulePath::attribute).toList();
    }

    private static String attribute(String name) {
        String plain = name.codePoints()
                .mapToObj(c -> isWord(c) ? Character.toString(c) : "_")
                .collect(Collectors.joining());
        return plain.isEmpty() || TAKEN.contains(plain) ? plain + "_" : plain;
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    /** A class as the code can name it. */
    static String type(String type) {
        List<String> parts = List.of(type.split("\\.", -1));
        boolean plain = parts.size() > 1
                && parts.size() <= MAX_DEPTH
                && type.length() <= MAX_LENGTH
                && parts.stream().allMatch(ModulePath::isIdentifier)
                && !type.contains("torch_mangle");
        return plain ? type : OTHER_TYPE;
    }

    private static boolean isIdentifier(String name) {
        return !name.isEmpty()
                && !Character.isDigit(name.charAt(0))
                && !TAKEN.contains(name)
                && name.codePoints().allMatch(ModulePath::isWord);
    }

    /** The module or tensor at a path of attributes, as an expression. */
    static String expression(List<String> attributes) {
        String expression = "self";
        for (String attribute : attributes) {
            expression = Character.isDigit(attribute.charAt(0))
                    ? "getattr(" + expression + ", \"" + attribute + "\")"
                    : expression + "." + attribute;
        }
        return expression;
    }
}
