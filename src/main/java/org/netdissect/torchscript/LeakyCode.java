package org.netdissect.torchscript;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Span;
import org.netdissect.torchscript.syntax.Stmt;
import org.netdissect.torchscript.syntax.Trees;

/**
 * The rectifiers of a network's code and their leaky versions. Functions with rectifiers, such as {@code
 * __torch__.torch.nn.functional.relu}, get leaky copies, which stand behind the network's class.
 */
final class LeakyCode {
    private static final String PREFIX = "leaky_";

    private final ClassIndex index;
    private final CallGraph graph;
    private final String prefix;
    private final LeakyOperators operators;
    /** qualified names of leaky copies, by that of the function; in order of discovery */
    private final Map<String, String> copies = new LinkedHashMap<>();
    /** functions that run and whether their callees are done */
    private final Map<String, Boolean> functions = new LinkedHashMap<>();
    /** rectifiers that stay as they are */
    private int left;

    private int replaced;
    /** whether the methods of classes have rectifiers */
    private final Map<List<String>, Boolean> methods = new HashMap<>();

    /**
     * Finds the rectifiers.
     *
     * @param file names that the root class's file defines
     */
    LeakyCode(ClassIndex index, CallGraph graph, ModuleClass root, Set<String> file) {
        this.index = index;
        this.graph = graph;
        String free = PREFIX;
        while (isStart(free, file)) {
            free += "_";
        }
        this.prefix = root.name().substring(0, root.name().lastIndexOf('.') + 1) + free;
        this.operators = new LeakyOperators(prefix);
        graph.methods().forEach(this::concerns);
    }

    private static boolean isStart(String prefix, Set<String> names) {
        return names.stream().anyMatch(name -> name.startsWith(prefix));
    }

    RectifierCount count() {
        return new RectifierCount(replaced, left);
    }

    /** Whether a method has rectifiers that can be replaced, or calls functions that have. */
    boolean concerns(CallGraph.Method method) {
        List<String> key = List.of(graph.type(method).name(), method.name());
        Boolean known = methods.get(key);
        if (known == null) {
            MethodDef definition = graph.code(method).definition();
            functionsIn(definition).forEach(this::visit);
            count(definition);
            known = concerns(definition);
            methods.put(key, known);
        }
        return known;
    }

    /** The expression with leaky rectifiers if it calls one or names a function with some; else itself. */
    Expr leaky(MethodDef method, Expr expr) {
        Optional<Expr> operator = operators.replacement(expr, LeakyOperators.numbers(method));
        return operator.orElseGet(() -> function(expr)
                .flatMap(name -> Optional.ofNullable(copies.get(name)))
                .map(LeakyOperators::dotted)
                .orElse(expr));
    }

    /** The functions to add to the file of the root class. */
    List<MethodDef> functions() {
        List<MethodDef> made = new ArrayList<>();
        if (replaced > 0) {
            made.addAll(operators.functions());
        }
        copies.forEach((name, copy) -> {
            MethodDef function = index.function(name).orElseThrow();
            made.add(new MethodDef(
                    Span.NONE,
                    function.decorators(),
                    copy.substring(copy.lastIndexOf('.') + 1),
                    function.parameters(),
                    function.returns(),
                    block(function, function.body())));
        });
        return made;
    }

    private List<Stmt> block(MethodDef function, List<Stmt> statements) {
        return statements.stream()
                .map(stmt -> stmt.map(expr -> each(function, expr), block -> block(function, block)))
                .toList();
    }

    private Expr each(MethodDef function, Expr expr) {
        Expr changed = expr.mapChildren(child -> each(function, child));
        return leaky(function, changed);
    }

    /** Counts the rectifiers of a method or function. */
    private void count(MethodDef method) {
        Set<String> numbers = LeakyOperators.numbers(method);
        long all = Trees.expressions(method).filter(LeakyOperators::isRectifier).count();
        long here = expressions(method)
                .filter(expr -> operators.replacement(expr, numbers).isPresent())
                .count();
        replaced += (int) here;
        left += (int) (all - here);
    }

    private boolean concerns(MethodDef method) {
        Set<String> numbers = LeakyOperators.numbers(method);
        return expressions(method)
                        .anyMatch(expr -> operators.replacement(expr, numbers).isPresent())
                || functionsIn(method).anyMatch(copies::containsKey);
    }

    /** Follows a function's calls of others; callees first, not recursive since damaged code may be deep. */
    private void visit(String first) {
        Deque<String> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            String name = open.element();
            MethodDef function = index.function(name).orElseThrow();
            Boolean done = functions.get(name);
            if (done == null) {
                functions.put(name, false);
                functionsIn(function)
                        .filter(each -> !functions.containsKey(each))
                        .distinct()
                        .forEach(open::push);
                continue;
            }
            open.remove();
            if (!done) {
                functions.put(name, true);
                finish(name, function);
            }
        }
    }

    private void finish(String name, MethodDef function) {
        count(function);
        if (concerns(function)) {
            copies.put(name, prefix + copies.size() + "_" + function.name());
        }
    }

    /** Qualified names of the functions that a method names. */
    private Stream<String> functionsIn(MethodDef method) {
        return expressions(method).flatMap(expr -> function(expr).stream());
    }

    private Optional<String> function(Expr expr) {
        return expr instanceof Expr.Attribute
                ? expr.dotted().filter(name -> index.function(name).isPresent())
                : Optional.empty();
    }

    /** Expressions of a method without those of functions inside it, which are not copied. */
    private static Stream<Expr> expressions(MethodDef method) {
        return method.body().stream()
                .filter(stmt -> !(stmt instanceof MethodDef))
                .flatMap(LeakyCode::own)
                .flatMap(stmt -> stmt.expressions().stream())
                .flatMap(Trees::expressions);
    }

    private static Stream<Stmt> own(Stmt stmt) {
        return Stream.concat(
                Stream.of(stmt),
                stmt.blocks().stream()
                        .flatMap(List::stream)
                        .filter(each -> !(each instanceof MethodDef))
                        .flatMap(LeakyCode::own));
    }
}
