package org.netdissect.torchscript.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.netdissect.torchscript.syntax.Token.Kind;

/**
 * Parses TorchScript source: everything that PyTorch's printer writes (torch/csrc/jit/serialization/python_print.cpp),
 * and the other Python that PyTorch's parser accepts. Errors name file and line.
 */
final class Parser {
    private final TokenStream tokens;
    private final ExprParser exprs;

    private Parser(SourceText source) {
        this.tokens = new TokenStream(source);
        this.exprs = new ExprParser(tokens);
    }

    /** The statements of a file: imports, classes, functions. */
    static List<Stmt> parse(SourceText source) {
        Parser parser = new Parser(source);
        List<Stmt> statements = new ArrayList<>();
        while (!parser.tokens.at(Kind.END)) {
            statements.add(parser.statement());
        }
        return List.copyOf(statements);
    }

    private Stmt statement() {
        Token first = tokens.current();
        if (first.kind() == Kind.OPERATOR && first.text().equals("@")) {
            return decorated();
        }
        if (first.kind() != Kind.KEYWORD) {
            return assignmentOrExpression();
        }
        return switch (first.text()) {
            case "def" -> method(first, List.of());
            case "class" -> classDef();
            case "if" -> conditional();
            case "for" -> forLoop();
            case "while" -> whileLoop();
            case "with" -> with();
            case "return", "raise", "assert", "pass", "break", "continue" -> simple();
            case "import", "from" -> imported();
            default -> assignmentOrExpression();
        };
    }

    private Stmt simple() {
        Token first = tokens.advance();
        List<Expr> operands = new ArrayList<>();
        if (!tokens.at(Kind.NEWLINE)) {
            operands.add(first.is("assert") ? exprs.expression() : exprs.expressionOrTuple());
            if (tokens.accept(",")) {
                operands.add(exprs.expression());
            }
        }
        endOfLine();
        return new Stmt.Simple(tokens.spanFrom(first), first.text(), List.copyOf(operands));
    }

    /** Parses an import, whose contents are ignored, since all other names are qualified. */
    private Stmt imported() {
        Token first = tokens.advance();
        Token names = tokens.current();
        while (!tokens.at(Kind.NEWLINE)) {
            tokens.advance();
        }
        Expr text = new Expr.Name(tokens.textFrom(names));
        endOfLine();
        return new Stmt.Simple(tokens.spanFrom(first), first.text(), List.of(text));
    }

    private Stmt assignmentOrExpression() {
        Token first = tokens.current();
        Expr target = exprs.expressionOrTuple();
        Optional<Expr> type = tokens.accept(":") ? Optional.of(exprs.expression()) : Optional.empty();
        String operator = tokens.current().text();
        Optional<Expr> value = Optional.empty();
        if (isAssignment(tokens.current())) {
            tokens.advance();
            value = Optional.of(exprs.expressionOrTuple());
        } else if (type.isEmpty()) {
            endOfLine();
            return new Stmt.Simple(tokens.spanFrom(first), "", List.of(target));
        } else {
            operator = "=";
        }
        endOfLine();
        return new Stmt.Assign(tokens.spanFrom(first), target, type, operator, value);
    }

    private static boolean isAssignment(Token token) {
        return token.kind() == Kind.OPERATOR
                && switch (token.text()) {
                    case "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**=", "//=", "<<=", ">>=" -> true;
                    default -> false;
                };
    }

    /** Parses an {@code if} or {@code elif} with its branches. */
    private Stmt conditional() {
        Token first = tokens.advance();
        tokens.enter();
        Expr test = exprs.expressionOrTuple();
        List<Stmt> then = block();
        List<Stmt> otherwise = List.of();
        if (tokens.at("elif")) {
            otherwise = List.of(conditional());
        } else if (tokens.accept("else")) {
            otherwise = block();
        }
        tokens.leave();
        return new Stmt.If(tokens.spanFrom(first), test, then, otherwise);
    }

    private Stmt forLoop() {
        Token first = tokens.expect("for");
        Expr target = exprs.target();
        tokens.expect("in");
        Expr iterable = exprs.expressionOrTuple();
        List<Stmt> body = block();
        return new Stmt.For(tokens.spanFrom(first), target, iterable, body);
    }

    private Stmt whileLoop() {
        Token first = tokens.expect("while");
        Expr test = exprs.expressionOrTuple();
        List<Stmt> body = block();
        return new Stmt.While(tokens.spanFrom(first), test, body);
    }

    private Stmt with() {
        Token first = tokens.advance();
        tokens.enter();
        Expr context = exprs.expression();
        Optional<Expr> target = tokens.accept("as") ? Optional.of(exprs.expression()) : Optional.empty();
        List<Stmt> body = tokens.at(",") ? List.of(with()) : block();
        tokens.leave();
        return new Stmt.With(tokens.spanFrom(first), context, target, body);
    }

    private Stmt decorated() {
        Token first = tokens.current();
        List<Expr> decorators = new ArrayList<>();
        while (tokens.accept("@")) {
            decorators.add(exprs.expressionOrTuple());
            endOfLine();
        }
        return method(first, List.copyOf(decorators));
    }

    private MethodDef method(Token first, List<Expr> decorators) {
        tokens.expect("def");
        String name = tokens.expect(Kind.NAME, "a name").text();
        List<MethodDef.Parameter> parameters = parameters();
        Optional<Expr> returns = tokens.accept("->") ? Optional.of(exprs.expressionOrTuple()) : Optional.empty();
        List<Stmt> body = block();
        return new MethodDef(tokens.spanFrom(first), decorators, name, parameters, returns, body);
    }

    private List<MethodDef.Parameter> parameters() {
        List<MethodDef.Parameter> parameters = new ArrayList<>();
        tokens.expect("(");
        while (!tokens.at(")")) {
            String name = tokens.accept("*")
                    ? "*"
                    : tokens.expect(Kind.NAME, "a parameter").text();
            Optional<Expr> type = tokens.accept(":") ? Optional.of(exprs.expression()) : Optional.empty();
            Optional<Expr> byDefault = tokens.accept("=") ? Optional.of(exprs.expression()) : Optional.empty();
            parameters.add(new MethodDef.Parameter(name, type, byDefault));
            if (!tokens.accept(",")) {
                break;
            }
        }
        tokens.expect(")");
        return List.copyOf(parameters);
    }

    private ClassDef classDef() {
        Token first = tokens.expect("class");
        String name = tokens.expect(Kind.NAME, "a name").text();
        List<Expr> bases = new ArrayList<>();
        if (tokens.accept("(")) {
            while (!tokens.at(")")) {
                bases.add(exprs.expression());
                if (!tokens.accept(",")) {
                    break;
                }
            }
            tokens.expect(")");
        }
        List<Stmt> body = block();
        return new ClassDef(tokens.spanFrom(first), name, List.copyOf(bases), body);
    }

    /** Parses a block: {@code :} and indented statements, or one statement on the same line. */
    private List<Stmt> block() {
        tokens.expect(":");
        tokens.enter();
        List<Stmt> body = new ArrayList<>();
        if (!tokens.at(Kind.NEWLINE)) {
            body.add(statement());
        } else {
            tokens.advance();
            tokens.expect(Kind.INDENT, "an indented block");
            while (!tokens.at(Kind.DEDENT)) {
                body.add(statement());
            }
            // The span excludes the DEDENT, which is at the start of the next block.
            tokens.skip();
        }
        tokens.leave();
        return List.copyOf(body);
    }

    private void endOfLine() {
        if (!tokens.at(Kind.NEWLINE)) {
            throw tokens.unexpected("the end of the line");
        }
        tokens.advance();
    }
}
