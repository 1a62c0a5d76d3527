package org.netdissect.torchscript.syntax;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code class name(bases): body}. */
public record ClassDef(Span span, String name, List<Expr> bases, List<Stmt> body) implements Stmt {

    /** Kind of a class, which its base determines. */
    public enum Kind {
        MODULE,
        NAMED_TUPLE,
        ENUM,
        INTERFACE,
        MODULE_INTERFACE,
        PLAIN
    }

    public Kind kind() {
        String base = bases.isEmpty() ? "" : bases.get(0).dotted().orElse("");
        return switch (base) {
            case "Module" -> Kind.MODULE;
            case "NamedTuple" -> Kind.NAMED_TUPLE;
            case "Enum" -> Kind.ENUM;
            case "Interface" -> Kind.INTERFACE;
            case "ModuleInterface" -> Kind.MODULE_INTERFACE;
            default -> Kind.PLAIN;
        };
    }

    /** The methods by name, in source order. */
    public Map<String, MethodDef> methods() {
        Map<String, MethodDef> methods = new LinkedHashMap<>();
        for (Stmt stmt : body) {
            if (stmt instanceof MethodDef method) {
                methods.put(method.name(), method);
            }
        }
        return methods;
    }

    /** Declared attributes and their types, in source order: {@code name : T} and {@code __annotations__["0"] = T}. */
    public Map<String, Expr> attributes() {
        Map<String, Expr> attributes = new LinkedHashMap<>();
        for (Stmt stmt : body) {
            if (!(stmt instanceof Assign assign)) {
                continue;
            }
            if (assign.target() instanceof Expr.Name name && assign.type().isPresent()) {
                attributes.put(name.id(), assign.type().get());
            } else if (assign.target() instanceof Expr.Subscript item
                    && item.value().equals(new Expr.Name("__annotations__"))
                    && item.index() instanceof Expr.Str key
                    && assign.value().isPresent()) {
                attributes.put(key.value(), assign.value().get());
            }
        }
        return attributes;
    }

    @Override
    public List<Expr> expressions() {
        return bases;
    }

    @Override
    public List<List<Stmt>> blocks() {
        return List.of(body);
    }

    @Override
    public Stmt map(UnaryOperator<Expr> change, UnaryOperator<List<Stmt>> changeBlock) {
        return this;
    }

    @Override
    public void accept(Visitor visitor) {
        visitor.type(this);
    }
}
