package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.Expr.Arg;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;
import org.netdissect.torchscript.syntax.Span;

/**
 * Functions that stand for rectifiers: the same values bit by bit, but a gradient of slope 0.01 where the rectifier is
 * flat, so that units which are off can be turned on by gradient ascent.
 */
final class LeakyOperators {
    private static final String TORCH = "torch.";
    private static final String CLAMP = "clamp";
    private static final String CLAMP_MIN = "clamp_min";
    private static final String CLAMP_MAX = "clamp_max";
    private static final Expr NONE = new Expr.Literal("None");

    /**
     * The functions, without their prefix. {@code zero} is +0 with a gradient: a number minus +0 is the same number,
     * also for -0 and infinities.
     */
    private static final String SOURCE = """
            def leak(x: Tensor, y: Tensor, flat: Tensor) -> Tensor:
              if torch.is_floating_point(x):
                finite = torch.nan_to_num(x, 0., 0., 0.)
                zero = torch.sub(torch.detach(finite), finite)
                slope = torch.mul(torch.type_as(flat, x), 0.01)
                result = torch.sub(y, torch.mul(zero, slope))
              else:
                result = y
              return result
            def relu(x: Tensor) -> Tensor:
              return leak(x, torch.relu(x), torch.le(x, 0))
            def relu6(x: Tensor) -> Tensor:
              return leak(x, torch.relu6(x), torch.logical_or(torch.le(x, 0), torch.ge(x, 6)))
            def hardtanh(x: Tensor, low: number, high: number) -> Tensor:
              flat = torch.logical_or(torch.le(x, low), torch.ge(x, high))
              return leak(x, torch.hardtanh(x, low, high), flat)
            def clamp(x: Tensor, low: number, high: number) -> Tensor:
              flat = torch.logical_or(torch.lt(x, low), torch.gt(x, high))
              return leak(x, torch.clamp(x, low, high), flat)
            def clamp_min(x: Tensor, low: number) -> Tensor:
              return leak(x, torch.clamp_min(x, low), torch.lt(x, low))
            def clamp_max(x: Tensor, high: number) -> Tensor:
              return leak(x, torch.clamp_max(x, high), torch.gt(x, high))
            def threshold(x: Tensor, low: number, value: number) -> Tensor:
              return leak(x, torch.threshold(x, low, value), torch.le(x, low))
            def hardswish(x: Tensor) -> Tensor:
              return leak(x, torch.hardswish(x), torch.lt(x, -3))
            def hardsigmoid(x: Tensor) -> Tensor:
              return leak(x, torch.hardsigmoid(x), torch.logical_or(torch.le(x, -3), torch.ge(x, 3)))
            """;

    /**
     * Arguments of an operator behind its tensor (native_functions.yaml of PyTorch 2.7).
     *
     * @param defaults their values if omitted; null where there is none
     * @param numbers whether all of them are numbers in every overload
     */
    private record Signature(List<String> arguments, List<Expr> defaults, boolean numbers) {}

    private static final Signature ALONE = new Signature(List.of(), List.of(), true);

    private static final Map<String, Signature> SIGNATURES = Map.of(
            "relu",
            ALONE,
            "relu6",
            ALONE,
            "hardswish",
            ALONE,
            "hardsigmoid",
            ALONE,
            "hardtanh",
            new Signature(List.of("min_val", "max_val"), List.of(new Expr.Literal("-1"), new Expr.Literal("1")), true),
            "threshold",
            new Signature(List.of("threshold", "value"), List.of(), true),
            CLAMP,
            new Signature(List.of("min", "max"), List.of(NONE, NONE), false),
            CLAMP_MIN,
            new Signature(List.of("min"), List.of(), false),
            CLAMP_MAX,
            new Signature(List.of("max"), List.of(), false));

    /** qualified name of a function up to the operator's name */
    private final String prefix;

    /** @param prefix qualified name of the functions up to the operator's name, such as {@code __torch__.leaky_} */
    LeakyOperators(String prefix) {
        this.prefix = prefix;
    }

    /** Whether the expression calls a rectifier: an operator that is flat on one side or both. */
    static boolean isRectifier(Expr expr) {
        return expr instanceof Expr.Call call
                && operator(call).filter(name -> !isUnbounded(name, call)).isPresent();
    }

    /**
     * The call of the leaky function instead of a rectifier; empty for any other expression, and for bounds that may be
     * tensors.
     *
     * @param numbers names that denote numbers
     */
    Optional<Expr> replacement(Expr expr, Set<String> numbers) {
        if (!(expr instanceof Expr.Call call)) {
            return Optional.empty();
        }
        return operator(call).flatMap(name -> {
            String plain = plain(name);
            Signature signature = signature(plain);
            return arguments(call, signature)
                    .filter(found -> signature.numbers()
                            || found.stream().allMatch(each -> each.equals(NONE) || isNumber(each, numbers)))
                    .flatMap(found -> called(plain, name.endsWith("_") ? "_" : "", call, found));
        });
    }

    /** The definitions of all functions. */
    List<MethodDef> functions() {
        List<MethodDef> functions = new ArrayList<>();
        SourceFile.parse(new SourceText("leaky rectifiers", SOURCE))
                .statements()
                .forEach(stmt -> {
                    MethodDef function = (MethodDef) stmt;
                    functions.add(new MethodDef(
                            Span.NONE,
                            List.of(),
                            simple(function.name()),
                            function.parameters(),
                            function.returns(),
                            function.body().stream()
                                    .map(each -> each.map(this::qualified, block -> block))
                                    .toList()));
                    if (SIGNATURES.containsKey(function.name())) {
                        functions.add(inPlace(function));
                    }
                });
        return functions;
    }

    /**
     * The function that works in place. Copying the result into the tensor keeps what all aliases and views of it see,
     * and autograd follows it; the clone is what the gradient needs, since the tensor itself changes.
     */
    private MethodDef inPlace(MethodDef function) {
        Expr x = new Expr.Name(function.parameters().get(0).name());
        Stream<Arg> bounds =
                function.parameters().stream().skip(1).map(parameter -> Arg.of(new Expr.Name(parameter.name())));
        List<Arg> args = Stream.concat(Stream.of(Arg.of(MethodCopy.torch("clone", Arg.of(x)))), bounds)
                .toList();
        Expr result = new Expr.Call(name(function.name()), args);
        return new MethodDef(
                Span.NONE,
                List.of(),
                simple(function.name() + "_"),
                function.parameters(),
                function.returns(),
                List.of(MethodCopy.returned(MethodCopy.torch("copy_", Arg.of(x), Arg.of(result)))));
    }

    private Expr qualified(Expr expr) {
        Expr changed = expr.mapChildren(this::qualified);
        return changed instanceof Expr.Call call && call.callee().equals(new Expr.Name("leak"))
                ? new Expr.Call(name("leak"), call.args())
                : changed;
    }

    private Expr name(String function) {
        return dotted(prefix + function);
    }

    private String simple(String function) {
        return prefix.substring(prefix.lastIndexOf('.') + 1) + function;
    }

    static Expr dotted(String name) {
        String[] parts = name.split("\\.");
        Expr expr = new Expr.Name(parts[0]);
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            expr = new Expr.Attribute(expr, part);
        }
        return expr;
    }

    /** The names of a method's parameters that are numbers. */
    static Set<String> numbers(MethodDef method) {
        Set<String> numbers = new HashSet<>();
        for (MethodDef.Parameter parameter : method.parameters()) {
            String type = parameter.type().flatMap(Expr::dotted).orElse("");
            if (type.equals("int") || type.equals("float")) {
                numbers.add(parameter.name());
            }
        }
        return numbers;
    }

    private static boolean isNumber(Expr expr, Set<String> numbers) {
        if (expr instanceof Expr.Unary minus) {
            return isNumber(minus.operand(), numbers);
        } else if (expr instanceof Expr.Name name) {
            return numbers.contains(name.id()) || name.id().equals("inf");
        }
        return expr instanceof Expr.Literal literal
                && (Character.isDigit(literal.text().charAt(0))
                        || literal.text().startsWith("."));
    }

    /** The operator's name, with the underscore of one that works in place. */
    private static Optional<String> operator(Expr.Call call) {
        String name =
                call.callee() instanceof Expr.Attribute ? call.callee().dotted().orElse("") : "";
        String operator = name.startsWith(TORCH) ? name.substring(TORCH.length()) : "";
        return SIGNATURES.containsKey(plain(operator)) && !call.args().isEmpty()
                ? Optional.of(operator)
                : Optional.empty();
    }

    private static String plain(String operator) {
        return operator.endsWith("_") ? operator.substring(0, operator.length() - 1) : operator;
    }

    private static Signature signature(String operator) {
        return Objects.requireNonNull(SIGNATURES.get(operator));
    }

    /** Whether a clamp has no bounds. */
    private static boolean isUnbounded(String operator, Expr.Call call) {
        return plain(operator).equals(CLAMP)
                && call.args().stream().skip(1).allMatch(arg -> arg.value().equals(NONE));
    }

    /** The values of all arguments behind the tensor; empty if the call is not as the signature says. */
    private static Optional<List<Expr>> arguments(Expr.Call call, Signature signature) {
        Map<String, Expr> given = new LinkedHashMap<>();
        for (int i = 1; i < call.args().size(); i++) {
            Arg arg = call.args().get(i);
            boolean surplus = i > signature.arguments().size();
            given.put(arg.keyword().orElse(surplus ? "" : signature.arguments().get(i - 1)), arg.value());
        }
        List<Expr> values = new ArrayList<>();
        for (int i = 0; i < signature.arguments().size(); i++) {
            Expr value = given.remove(signature.arguments().get(i));
            if (value == null && i < signature.defaults().size()) {
                value = signature.defaults().get(i);
            }
            if (value != null) {
                values.add(value);
            }
        }
        boolean fits = given.isEmpty()
                && values.size() == signature.arguments().size()
                && call.args().get(0).keyword().isEmpty();
        return fits ? Optional.of(values) : Optional.empty();
    }

    private Optional<Expr> called(String operator, String inPlace, Expr.Call call, List<Expr> values) {
        List<Arg> args = new ArrayList<>(List.of(call.args().get(0)));
        values.stream().filter(value -> !value.equals(NONE)).forEach(value -> args.add(Arg.of(value)));
        String function = operator;
        if (operator.equals(CLAMP) && args.size() == 2) {
            function = values.get(0).equals(NONE) ? CLAMP_MAX : CLAMP_MIN;
        }
        boolean bounded = args.size() > 1 || values.isEmpty();
        return bounded ? Optional.of(new Expr.Call(name(function + inPlace), args)) : Optional.empty();
    }
}
