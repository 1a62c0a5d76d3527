package org.netdissect.torchscript.syntax;

import java.util.List;
import java.util.stream.Collectors;

/** Writes trees as TorchScript in the style of PyTorch's own printer, with brackets only where the tree needs them. */
public final class Printer implements Stmt.Visitor {
    private static final String STEP = "  ";

    private final StringBuilder out;
    private final ExprPrinter expressions;
    private final String indent;

    private Printer(StringBuilder out, String indent) {
        this.out = out;
        this.expressions = new ExprPrinter(out);
        this.indent = indent;
    }

    /** The statements as text, each line after {@code indent}. */
    public static String print(List<? extends Stmt> statements, String indent) {
        Printer printer = new Printer(new StringBuilder(), indent);
        statements.forEach(stmt -> stmt.accept(printer));
        return printer.out.toString();
    }

    public static String print(Expr expr) {
        return new ExprPrinter(new StringBuilder()).print(expr).toString();
    }

    private void block(List<Stmt> statements) {
        out.append(":\n");
        Printer inner = new Printer(out, indent + STEP);
        statements.forEach(stmt -> stmt.accept(inner));
    }

    @Override
    public void simple(Stmt.Simple simple) {
        boolean alone = simple.keyword().isEmpty() || simple.operands().isEmpty();
        out.append(indent).append(simple.keyword());
        expressions.list(alone ? "" : " ", simple.operands(), "\n");
    }

    @Override
    public void assign(Stmt.Assign assign) {
        out.append(indent);
        target(assign.target());
        assign.type().ifPresent(type -> out.append(" : ").append(print(type)));
        assign.value().ifPresent(value -> {
            out.append(' ').append(assign.operator()).append(' ');
            expressions.print(value);
        });
        out.append('\n');
    }

    /** Prints a target; a tuple has no brackets and ends with a comma, which makes TorchScript unpack. */
    private void target(Expr target) {
        if (target instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            expressions.list("", tuple.items(), ",");
        } else {
            expressions.print(target);
        }
    }

    @Override
    public void choice(Stmt.If choice) {
        out.append(indent);
        branch(choice);
    }

    /** Prints an {@code elif} as such: nested branches could exceed the depth that this parser and PyTorch's accept. */
    private void branch(Stmt.If branch) {
        out.append("if ");
        expressions.print(branch.test());
        block(branch.then());
        if (branch.otherwise().size() == 1 && branch.otherwise().get(0) instanceof Stmt.If next) {
            out.append(indent).append("el");
            branch(next);
        } else if (!branch.otherwise().isEmpty()) {
            out.append(indent).append("else");
            block(branch.otherwise());
        }
    }

    @Override
    public void forLoop(Stmt.For loop) {
        out.append(indent).append("for ");
        loopTarget(loop.target());
        out.append(" in ");
        expressions.print(loop.iterable());
        block(loop.body());
    }

    /** Like {@link #target}, but operators among the names take brackets, since they would swallow the {@code in}. */
    private void loopTarget(Expr target) {
        if (target instanceof Expr.TupleOf tuple && !tuple.items().isEmpty()) {
            tuple.items()
                    .forEach(item -> expressions.print(item, Precedence.POSTFIX).append(','));
        } else {
            expressions.print(target, Precedence.POSTFIX);
        }
    }

    @Override
    public void whileLoop(Stmt.While loop) {
        out.append(indent).append("while ");
        expressions.print(loop.test());
        block(loop.body());
    }

    @Override
    public void with(Stmt.With with) {
        out.append(indent).append("with ");
        expressions.print(with.context());
        with.target().ifPresent(target -> out.append(" as ").append(print(target)));
        block(with.body());
    }

    @Override
    public void method(MethodDef method) {
        method.decorators()
                .forEach(decorator ->
                        out.append(indent).append('@').append(print(decorator)).append('\n'));
        out.append(indent).append("def ").append(method.name());
        out.append(method.parameters().stream()
                .map(Printer::parameter)
                .collect(Collectors.joining(",\n" + indent + STEP, "(", ")")));
        method.returns().ifPresent(type -> out.append(" -> ").append(print(type)));
        block(method.body());
    }

    private static String parameter(MethodDef.Parameter parameter) {
        return parameter.name()
                + parameter.type().map(type -> ": " + print(type)).orElse("")
                + parameter.byDefault().map(value -> "=" + print(value)).orElse("");
    }

    @Override
    public void type(ClassDef type) {
        out.append(indent).append("class ").append(type.name());
        if (!type.bases().isEmpty()) {
            expressions.list("(", type.bases(), ")");
        }
        block(type.body());
    }
}
