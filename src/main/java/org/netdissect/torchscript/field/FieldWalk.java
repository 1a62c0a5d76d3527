package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.torchscript.CallGraph;
import org.netdissect.torchscript.ClassIndex;
import org.netdissect.torchscript.ModuleClass;
import org.netdissect.torchscript.Place;
import org.netdissect.torchscript.syntax.ClassDef;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/**
 * Runs the network's code over shapes instead of tensors and keeps the last output of each module's {@code forward}. If
 * only a real run decides a condition, both branches are run and merged ({@link Alternatives}).
 */
final class FieldWalk {
    /** Greatest number of steps, a hundred times that of the largest tested network. */
    private static final int MAX_STEPS = 5_000_000;

    /** Bound for nested calls and expressions, which use the Java stack. */
    private static final int MAX_DEPTH = 1000;

    private final ClassIndex index;
    private final ModuleAttributes attributes;
    private Map<String, Value.State> outputs = new LinkedHashMap<>();
    private int doubts;
    private int steps;
    private int depth;

    FieldWalk(ClassIndex index, ModuleAttributes attributes) {
        this.index = index;
        this.attributes = attributes;
    }

    /**
     * Last output of each module, by path.
     *
     * @param input argument of {@code forward}
     * @throws TooMuch if the code cannot be followed to its end
     */
    Map<String, Value.State> outputs(ModuleClass root, Value input) {
        if (root.methods().containsKey(CallGraph.FORWARD)) {
            call(new Place("", root), CallGraph.FORWARD, List.of(input), Map.of());
        }
        return outputs;
    }

    ClassIndex index() {
        return index;
    }

    ModuleAttributes attributes() {
        return attributes;
    }

    /** Number of undecided conditions around the current statement. */
    int doubts() {
        return doubts;
    }

    /** Thrown to end the walk, because the code takes too many steps or cannot be followed. */
    static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch() {
            super("the network's code is too much to follow", null, false, false);
        }
    }

    void spend(int count) {
        steps += count;
        if (steps > MAX_STEPS) {
            throw new TooMuch();
        }
    }

    void enter() {
        spend(1);
        if (++depth > MAX_DEPTH) {
            throw new TooMuch();
        }
    }

    void leave() {
        depth--;
    }

    /** Runs a method of a module. */
    Value call(Place module, String name, List<Value> args, Map<String, Value> keywords) {
        List<Value> all = new ArrayList<>(args);
        all.add(0, new Value.Module(module));
        MethodDef method = module.type().methods().get(name);
        if (method == null) {
            return Value.unknown();
        }
        Value result = call(method, module.path(), all, keywords);
        if (CallGraph.isForward(name)) {
            outputs.put(
                    module.path(),
                    result instanceof Value.Tensor tensor ? tensor.state() : Value.State.lost("it gives no tensor"));
        }
        return result;
    }

    /** Runs a method or function for the module at {@code path}. */
    Value call(MethodDef method, String path, List<Value> args, Map<String, Value> keywords) {
        enter();
        Frame frame = new Frame(path);
        int next = 0;
        for (MethodDef.Parameter parameter : method.parameters()) {
            if (parameter.name().equals(MethodDef.KEYWORDS_FOLLOW)) {
                continue;
            }
            Optional<Value> given = next < args.size()
                    ? Optional.of(args.get(next++))
                    : Optional.ofNullable(keywords.get(parameter.name()));
            frame.set(
                    parameter.name(),
                    given.or(() -> parameter.byDefault().map(expr -> value(expr, frame)))
                            .orElseGet(Value::unknown));
        }
        run(method.body(), frame);
        leave();
        return frame.result();
    }

    private Value value(Expr expr, Frame frame) {
        return new Evaluator(this, frame).value(expr);
    }

    private void run(List<Stmt> block, Frame frame) {
        Step step = new Step(frame);
        for (Stmt stmt : block) {
            if (!frame.isOpen()) {
                return;
            }
            enter();
            stmt.accept(step);
            leave();
        }
    }

    /** Runs one statement in a frame. */
    private final class Step implements Stmt.Visitor {
        private final Frame frame;

        Step(Frame frame) {
            this.frame = frame;
        }

        @Override
        public void simple(Stmt.Simple stmt) {
            run(stmt, frame);
        }

        @Override
        public void assign(Stmt.Assign stmt) {
            stmt.value().ifPresent(value -> FieldWalk.this.assign(stmt, value, frame));
        }

        @Override
        public void choice(Stmt.If stmt) {
            choose(stmt, frame);
        }

        @Override
        public void forLoop(Stmt.For stmt) {
            repeat(stmt, frame);
        }

        @Override
        public void whileLoop(Stmt.While stmt) {
            value(stmt.test(), frame);
            repeatUnknown(stmt.body(), List.of(), frame);
        }

        @Override
        public void with(Stmt.With stmt) {
            value(stmt.context(), frame);
            run(stmt.body(), frame);
        }

        @Override
        public void method(MethodDef function) {
            frame.set(function.name(), Value.lost("a function inside a method"));
        }

        @Override
        public void type(ClassDef type) {
            // TorchScript has no classes inside methods
        }
    }

    private void run(Stmt.Simple stmt, Frame frame) {
        switch (stmt.keyword()) {
            case "return" ->
                frame.setReturned(
                        stmt.operands().isEmpty()
                                ? Value.none()
                                : value(stmt.operands().get(0), frame));
            case "raise" -> frame.fail();
            case "break", "continue" -> throw new TooMuch();
            case "" -> value(stmt.operands().get(0), frame);
            default -> {}
        }
    }

    private void assign(Stmt.Assign stmt, Expr expr, Frame frame) {
        Value value = value(expr, frame);
        assign(stmt.target(), stmt.operator().equals("=") ? value : augmented(stmt.target(), value, frame), frame);
    }

    /** Value after {@code x += y}, which TorchScript's printer never writes. */
    private Value augmented(Expr target, Value value, Frame frame) {
        boolean image = value.dependsOnImage() || value(target, frame).dependsOnImage();
        return image ? Value.lost("an assignment that changes its target") : Value.unknown();
    }

    private void assign(Expr target, Value value, Frame frame) {
        if (target instanceof Expr.Name name) {
            frame.set(name.id(), value);
        } else if (target instanceof Expr.TupleOf tuple) {
            for (int i = 0; i < tuple.items().size(); i++) {
                assign(tuple.items().get(i), ScalarOperators.item(value, Value.of((long) i)), frame);
            }
        } else if (target instanceof Expr.Subscript item) {
            Value changed = value(item.value(), frame);
            if (value.dependsOnImage() || changed.dependsOnImage()) {
                ScalarOperators.spoil(changed, "an item that is set later");
            }
        }
    }

    private void choose(Stmt.If choice, Frame frame) {
        Optional<Boolean> test = value(choice.test(), frame).as(Boolean.class);
        if (test.isPresent()) {
            run(test.get() ? choice.then() : choice.otherwise(), frame);
            return;
        }
        spend(2 * (frame.size() + outputs.size()));
        doubts++;
        Map<String, Value.State> before = outputs;
        Frame then = frame.copy();
        outputs = new LinkedHashMap<>(before);
        run(choice.then(), then);
        Map<String, Value.State> thenOutputs = outputs;
        Frame otherwise = frame.copy();
        outputs = new LinkedHashMap<>(before);
        run(choice.otherwise(), otherwise);
        doubts--;
        if (otherwise.hasFailed()) {
            outputs = thenOutputs;
        } else if (!then.hasFailed()) {
            thenOutputs.forEach((path, state) -> outputs.merge(path, state, Alternatives::of));
        }
        if (then.hasFailed() != otherwise.hasFailed()) {
            Frame only = then.hasFailed() ? otherwise : then;
            frame.become(only, only);
        } else {
            frame.become(then, otherwise);
        }
    }

    private void repeat(Stmt.For loop, Frame frame) {
        Value over = value(loop.iterable(), frame);
        if (!(over instanceof Value.Items items) || items.list().size() > Operators.MOST_ITEMS) {
            repeatUnknown(loop.body(), List.of(loop.target()), frame);
            return;
        }
        for (Value item : List.copyOf(items.list())) {
            if (frame.isOpen()) {
                assign(loop.target(), item, frame);
                run(loop.body(), frame);
            }
        }
    }

    /** Runs a loop with an unknown number of rounds: the variables it assigns become unknown. */
    private void repeatUnknown(List<Stmt> body, List<Expr> targets, Frame frame) {
        List<Expr> assigned = new ArrayList<>(targets);
        body.stream().flatMap(Trees::statements).forEach(stmt -> {
            if (stmt instanceof Stmt.Assign assign) {
                assigned.add(assign.target());
            }
        });
        Value lost = Value.lost("a loop whose rounds only the run decides");
        doubts++;
        assigned.forEach(target -> assign(target, lost, frame));
        Frame round = frame.copy();
        run(body, round);
        doubts--;
        assigned.forEach(target -> assign(target, lost, frame));
    }
}
