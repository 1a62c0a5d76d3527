package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.netdissect.torchscript.ModuleClass;
import org.netdissect.torchscript.Place;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;

/** Evaluates the expressions of a running method. */
final class Evaluator implements Expr.Visitor<Value> {
    private static final String TORCH = "torch.";

    private final FieldWalk walk;
    private final Frame frame;

    Evaluator(FieldWalk walk, Frame frame) {
        this.walk = walk;
        this.frame = frame;
    }

    Value value(Expr expr) {
        walk.enter();
        Value value = expr.accept(this);
        walk.leave();
        return value;
    }

    @Override
    public Value name(Expr.Name name) {
        return frame.get(name.id());
    }

    @Override
    public Value literal(Expr.Literal literal) {
        return literal(literal.text());
    }

    @Override
    public Value string(Expr.Str string) {
        return Value.of(string.value());
    }

    @Override
    public Value tuple(Expr.TupleOf tuple) {
        return items(values(tuple));
    }

    @Override
    public Value list(Expr.ListOf list) {
        return items(values(list));
    }

    @Override
    public Value starred(Expr.Starred starred) {
        return opaque(starred);
    }

    @Override
    public Value slice(Expr.Slice slice) {
        return opaque(slice);
    }

    @Override
    public Value dict(Expr.DictOf dict) {
        return opaque(dict);
    }

    @Override
    public Value lambda(Expr.Lambda lambda) {
        return opaque(lambda);
    }

    private Value opaque(Expr expr) {
        return unknown(values(expr), "an expression that is not looked into");
    }

    private List<Value> values(Expr expr) {
        return expr.children().stream().map(this::value).toList();
    }

    private static Value literal(String text) {
        try {
            return switch (text) {
                case "None" -> Value.none();
                case "True", "False" -> Value.of(text.equals("True"));
                default ->
                    text.chars().allMatch(Character::isDigit)
                            ? Value.of(Long.parseLong(text))
                            : Value.of(Double.parseDouble(text));
            };
        } catch (NumberFormatException e) {
            return Value.unknown();
        }
    }

    /** An unknown value that depends on the image if one of its parts does. */
    private static Value unknown(List<Value> parts, String what) {
        Optional<String> lost =
                parts.stream().flatMap(part -> part.lostReason().stream()).findFirst();
        return parts.stream().anyMatch(Value::dependsOnImage) ? Value.lost(lost.orElse(what)) : Value.unknown();
    }

    private Value items(List<Value> values) {
        boolean nested = values.stream()
                .anyMatch(value -> value instanceof Value.Items inner
                        && inner.list().stream().anyMatch(Value.Items.class::isInstance));
        return nested || values.size() > Operators.MOST_ITEMS
                ? unknown(values, "lists within lists")
                : new Value.Items(values, walk.doubts());
    }

    @Override
    public Value attribute(Expr.Attribute attribute) {
        Optional<String> dotted = attribute.dotted();
        if (dotted.filter(name -> name.startsWith("__torch__.")).isPresent()) {
            return new Value.Function(dotted.get());
        } else if (attribute.value().equals(new Expr.Name("CONSTANTS"))) {
            return walk.attributes().constant(attribute.name());
        }
        return attribute(value(attribute.value()), attribute.name());
    }

    private Value attribute(Value owner, String name) {
        if (!(owner instanceof Value.Module module)) {
            return unknown(List.of(owner), "an attribute of a value that is not looked into");
        }
        ModuleClass type = module.place().type();
        ModuleClass child = walk.index().submodules(type).get(name);
        if (child != null) {
            return new Value.Module(new Place(Place.join(module.place().path(), name), child));
        }
        return walk.attributes()
                .setting(type, name)
                .map(this::value)
                .orElseGet(() -> walk.attributes().of(module.place(), name));
    }

    @Override
    public Value subscript(Expr.Subscript item) {
        Value value = value(item.value());
        Value at = item.index() instanceof Expr.Slice ? Value.unknown() : value(item.index());
        if (value instanceof Value.Items items && item.index() instanceof Expr.Slice slice) {
            Optional<List<Value>> part = part(items.list(), slice);
            if (part.isPresent()) {
                return items(part.get());
            }
        }
        return ScalarOperators.item(value, at);
    }

    private Optional<List<Value>> part(List<Value> items, Expr.Slice slice) {
        Optional<Long> from =
                slice.lower().isEmpty() ? Optional.of(0L) : bound(slice.lower().get());
        Optional<Long> to = slice.upper().isEmpty()
                ? Optional.of((long) items.size())
                : bound(slice.upper().get());
        if (slice.step().isPresent() || from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        int first = clipped(from.get(), items.size());
        return Optional.of(items.subList(first, Math.max(first, clipped(to.get(), items.size()))));
    }

    private Optional<Long> bound(Expr expr) {
        return value(expr).as(Long.class);
    }

    private static int clipped(long at, int size) {
        return (int) Math.max(0, Math.min(size, at < 0 ? at + size : at));
    }

    @Override
    public Value unary(Expr.Unary unary) {
        Value operand = value(unary.operand());
        return switch (unary.operator()) {
            case "not" -> ScalarOperators.not(operand);
            case "-" -> torch("neg", List.of(operand), Map.of());
            case "+" -> operand;
            default -> unknown(List.of(operand), "operator " + unary.operator());
        };
    }

    @Override
    public Value binary(Expr.Binary binary) {
        Value left = value(binary.left());
        Value right = value(binary.right());
        return switch (binary.operator()) {
            case "and", "or" -> ScalarOperators.both(binary.operator().equals("and"), left, right);
            case "+" -> torch("add", List.of(left, right), Map.of());
            case "-" -> torch("sub", List.of(left, right), Map.of());
            case "*" -> torch("mul", List.of(left, right), Map.of());
            case "==" -> torch("eq", List.of(left, right), Map.of());
            case "!=" -> torch("ne", List.of(left, right), Map.of());
            case "<" -> torch("lt", List.of(left, right), Map.of());
            case ">" -> torch("gt", List.of(left, right), Map.of());
            default -> unknown(List.of(left, right), "operator " + binary.operator());
        };
    }

    @Override
    public Value conditional(Expr.Conditional choice) {
        Optional<Boolean> test = value(choice.test()).as(Boolean.class);
        return test.isPresent()
                ? value(test.get() ? choice.then() : choice.otherwise())
                : Alternatives.of(value(choice.then()), value(choice.otherwise()));
    }

    @Override
    public Value call(Expr.Call call) {
        Optional<String> dotted = call.callee().dotted().filter(name -> !frame.has(name.split("\\.", 2)[0]));
        boolean typed = dotted.filter(name -> name.equals("annotate") || name.equals("unchecked_cast"))
                .isPresent();
        if (typed && call.args().size() == 2) {
            return value(call.args().get(1).value());
        }
        List<Value> args = new ArrayList<>();
        Map<String, Value> keywords = new LinkedHashMap<>();
        for (Expr.Arg arg : call.args()) {
            Value value = value(arg.value());
            if (arg.keyword().isPresent()) {
                keywords.put(arg.keyword().get(), value);
            } else {
                args.add(value);
            }
        }
        return dotted.isPresent() && !dotted.get().startsWith("__torch__.")
                ? named(dotted.get(), args, keywords)
                : called(call.callee(), args, keywords);
    }

    private Value named(String name, List<Value> args, Map<String, Value> keywords) {
        if (name.startsWith(TORCH)) {
            return torch(name.substring(TORCH.length()), args, keywords);
        }
        return switch (name) {
            case "ops.prim.RaiseException" -> {
                frame.fail();
                yield Value.none();
            }
            case "uninitialized" -> new Value.Uninitialized();
            case "range" -> range(args);
            case "getattr" ->
                args.size() == 2 && args.get(1).as(String.class).isPresent()
                        ? attribute(args.get(0), args.get(1).as(String.class).orElse(""))
                        : unknown(args, "getattr");
            default -> torch(name, args, keywords);
        };
    }

    private Value range(List<Value> args) {
        List<Long> numbers =
                args.stream().flatMap(arg -> arg.as(Long.class).stream()).toList();
        boolean known = !numbers.isEmpty() && numbers.size() == args.size() && args.size() <= 2;
        long from = known && args.size() == 2 ? numbers.get(0) : 0;
        long to = known ? numbers.get(numbers.size() - 1) : 0;
        if (!known || to - from > Operators.MOST_ITEMS) {
            return Value.unknown();
        }
        walk.spend((int) Math.max(0, to - from));
        return new Value.Items(LongStream.range(from, to).mapToObj(Value::of).toList(), walk.doubts());
    }

    private Value called(Expr callee, List<Value> args, Map<String, Value> keywords) {
        boolean qualified =
                callee.dotted().filter(name -> name.startsWith("__torch__.")).isPresent();
        Value target;
        if (callee instanceof Expr.Attribute method && !qualified) {
            Value owner = value(method.value());
            if (owner instanceof Value.Module module
                    && module.place().type().methods().containsKey(method.name())) {
                return walk.call(module.place(), method.name(), args, keywords);
            }
            target = attribute(owner, method.name());
        } else {
            target = value(callee);
        }
        if (target instanceof Value.Function function) {
            Optional<MethodDef> definition = walk.index().function(function.name());
            if (definition.isPresent()) {
                return walk.call(definition.get(), frame.path(), args, keywords);
            } else if (keywords.isEmpty()) {
                return items(args); // a named tuple
            }
        }
        List<Value> all = new ArrayList<>(args);
        all.addAll(keywords.values());
        all.add(target);
        Value result = unknown(all, "a call that cannot be followed");
        all.forEach(value -> spoil(value, all));
        return result;
    }

    private Value torch(String written, List<Value> args, Map<String, Value> keywords) {
        boolean inPlace = written.endsWith("_") && !written.endsWith("__");
        String name = inPlace ? written.substring(0, written.length() - 1) : written;
        OperatorCall call = new OperatorCall(written, name, args, keywords, frame.path(), walk.doubts());
        args.forEach(arg ->
                walk.spend(arg instanceof Value.Items items ? items.list().size() : 0));
        Optional<Value> scalar = inPlace ? Optional.empty() : ScalarOperators.apply(call);
        if (scalar.isPresent()) {
            return scalar.get();
        }
        Value result = Operators.apply(call);
        if (!Operators.isKnown(name)) {
            args.forEach(arg -> spoil(arg, args));
        }
        return result;
    }

    /** Makes lists and dictionaries unknown that were passed along with the image and may now contain it. */
    private static void spoil(Value value, List<Value> others) {
        if (others.stream().anyMatch(Value::dependsOnImage)) {
            ScalarOperators.spoil(value, "a list or dictionary that an unknown operator may change");
        }
    }
}
