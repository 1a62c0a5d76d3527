package org.netdissect.exported;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.netdissect.base.InputException;

/** Spells calls of operators as TorchScript does, and refuses those that it has not. */
final class OperatorText {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");
    private static final String HELP =
            "; export the original network as TorchScript instead: scripts/export_torchscript.py";

    /** Words of Python, and operators that reach files. */
    private static final Set<String> NO_OPERATORS = Set.of(
            "and",
            "or",
            "not",
            "is",
            "in",
            "if",
            "for",
            "from",
            "as",
            "with",
            "def",
            "class",
            "return",
            "lambda",
            "import",
            "from_file",
            "save",
            "load",
            "device",
            "classes",
            "jit");

    /** Numbers that operators take as real ones, and that a file may write as whole ones. */
    private static final Set<String> REAL = Set.of("p", "eps", "momentum", "dropout_p");

    private final String file;
    private final ArgumentText texts;

    OperatorText(String file, ArgumentText texts) {
        this.file = file;
        this.texts = texts;
    }

    /**
     * The call of a node's operator.
     *
     * @param firstOnly whether none of its outputs is used but the first
     * @throws InputException if there is no such operator, or its call is part of training
     */
    String call(GraphNode node, boolean firstOnly) {
        OperatorName operator = OperatorName.of(node.target());
        refuse(node, operator);
        TrainingMode.check(file, node, operator.name());
        Optional<OperatorSpelling> other = OperatorSpelling.of(operator, firstOnly);
        if (other.isPresent()) {
            return spelled(node, other.get());
        } else if (operator.namespace().equals("_operator") && operator.name().equals("getitem")) {
            List<String> args =
                    node.inputs().stream().map(input -> text(node, input)).toList();
            return args.get(0) + "[" + args.get(args.size() - 1) + "]";
        } else if (!operator.namespace().equals("aten")
                || !NAME.matcher(operator.name()).matches()
                || NO_OPERATORS.contains(operator.name())) {
            throw new InputException(file + ": its graph calls " + where(node) + ", which cannot be run here" + HELP);
        }
        return "torch." + operator.name() + "(" + arguments(node, operator) + ")";
    }

    private void refuse(GraphNode node, OperatorName operator) {
        boolean graphs = node.inputs().stream()
                .anyMatch(input -> input.value() instanceof GraphArgument.Foreign foreign
                        && foreign.kind().startsWith("as_graph"));
        if (graphs || operator.namespace().equals("higher_order")) {
            throw new InputException(
                    file + ": its graph has control flow (" + where(node) + "), which cannot be run here" + HELP);
        } else if (operator.namespace().startsWith("quantized")) {
            throw new InputException(
                    file + ": the network is quantised (" + where(node) + "); export it before quantisation");
        } else if (isCustom(node, operator)) {
            throw new InputException(file + ": its graph calls the custom operator " + where(node)
                    + ", which is none of PyTorch's; express it by PyTorch's operators and export again");
        }
    }

    private static boolean isCustom(GraphNode node, OperatorName operator) {
        return node.target().startsWith("torch.ops.")
                && !Set.of("aten", "prims").contains(operator.namespace());
    }

    private static String where(GraphNode node) {
        String target = node.target().startsWith("torch.ops.") ? node.target().substring(10) : node.target();
        List<GraphNode.Frame> modules = node.modules();
        String path = modules.isEmpty() ? "" : modules.get(modules.size() - 1).path();
        return Shown.of(target) + (path.isEmpty() ? "" : " in " + Shown.of(path));
    }

    private String arguments(GraphNode node, OperatorName operator) {
        List<String> args = new ArrayList<>();
        boolean keywords = false;
        for (GraphNode.Input input : node.inputs()) {
            if ((input.value() instanceof GraphArgument.LayoutCode layout && layout.strided())
                    || input.name().equals("pin_memory")) {
                continue; // the default; memory is the engine's concern
            }
            keywords |= KeywordArguments.isKeyword(operator.name(), input);
            args.add((keywords ? keyword(node, input.name()) + "=" : "") + text(node, input));
        }
        return String.join(", ", args);
    }

    private String keyword(GraphNode node, String name) {
        if (!NAME.matcher(name).matches() || (NO_OPERATORS.contains(name) && !name.equals("device"))) {
            throw unreadable(node, name);
        }
        return name;
    }

    private String spelled(GraphNode node, OperatorSpelling spelling) {
        List<String> args = new ArrayList<>();
        int needed = 0;
        for (String argument : spelling.arguments()) {
            Optional<String> text = spelled(node, argument);
            boolean keyword = argument.contains(":");
            if (text.isPresent() || !keyword) {
                args.add(text.orElse("None"));
            }
            needed = text.isPresent() ? args.size() : needed;
        }
        return spelling.name() + "(" + String.join(", ", args.subList(0, needed)) + ")";
    }

    private Optional<String> spelled(GraphNode node, String argument) {
        if (argument.startsWith("=")) {
            return Optional.of(argument.substring(1));
        }
        String[] keyword = argument.split(":");
        String[] fallback = keyword[keyword.length - 1].split("\\?");
        for (String name : fallback[0].split("\\|")) {
            Optional<GraphNode.Input> input = node.inputs().stream()
                    .filter(each -> each.name().equals(name) && !(each.value() instanceof GraphArgument.None))
                    .findFirst();
            if (input.isPresent()) {
                return input.map(found -> (keyword.length > 1 ? keyword[0] + "=" : "") + text(node, found));
            }
        }
        return fallback.length > 1 ? Optional.of(fallback[1]) : Optional.empty();
    }

    private String text(GraphNode node, GraphNode.Input input) {
        GraphArgument value = input.value();
        if (input.name().equals("indices") && value instanceof GraphArgument.Items list) {
            return texts.indices(list).orElseThrow(() -> unreadable(node, input.name()));
        } else if (value instanceof GraphArgument.Whole whole && REAL.contains(input.name())) {
            value = new GraphArgument.Real(whole.value());
        }
        return texts.of(value).orElseThrow(() -> unreadable(node, input.name()));
    }

    private InputException unreadable(GraphNode node, String argument) {
        return new InputException(file + ": its graph calls " + where(node) + " with an argument " + Shown.of(argument)
                + " that TorchScript has not" + HELP);
    }
}
