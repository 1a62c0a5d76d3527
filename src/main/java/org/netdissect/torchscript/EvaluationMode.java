package org.netdissect.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.netdissect.torchscript.syntax.Expr;

/**
 * Turns off training in the code of a network traced in training mode, such as {@code torch.dropout(x, 0.5, True)}.
 * Outputs are then those after {@code eval()}. Only literals are changed: scripted networks read {@code self.training},
 * which the engine turns off.
 *
 * <p>Source of the list: the operators of PyTorch 1.13 and 2.7 with an argument {@code train}, {@code training},
 * {@code use_input_stats} or {@code dropout_p} (aten/src/ATen/native/native_functions.yaml).
 */
final class EvaluationMode {
    private static final String TORCH = "torch.";
    private static final Expr OFF = new Expr.Literal("False");
    private static final String TRUE = "True";
    private static final String NONE = "None";

    private static final Map<String, Flag> FLAGS = flags();

    private EvaluationMode() {}

    /**
     * Position of an operator's training flag.
     *
     * @param place among the arguments, from 0
     * @param keyword name of the argument if it is passed by keyword
     * @param probability position of a dropout's probability, where 0 has no effect; -1 if none
     * @param mean position of the running mean, without which both modes are the same; -1 if none
     */
    private record Flag(int place, String keyword, int probability, int mean) {}

    private static Map<String, Flag> flags() {
        Map<String, Flag> flags = new TreeMap<>();
        for (String dropout : List.of("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")) {
            flags.put(dropout, new Flag(2, "train", 1, -1));
            flags.put(dropout + "_", new Flag(2, "train", 1, -1));
        }
        flags.put("native_dropout", new Flag(2, "train", 1, -1));
        for (String norm : List.of(
                "batch_norm",
                "native_batch_norm",
                "_native_batch_norm_legit",
                "_batch_norm_impl_index",
                "cudnn_batch_norm",
                "miopen_batch_norm")) {
            flags.put(norm, new Flag(5, "training", -1, 3));
        }
        flags.put("instance_norm", new Flag(5, "use_input_stats", -1, 3));
        for (String rrelu : List.of("rrelu", "rrelu_")) {
            flags.put(rrelu, new Flag(3, "training", -1, -1));
        }
        for (String rrelu : List.of("rrelu_with_noise", "rrelu_with_noise_")) {
            flags.put(rrelu, new Flag(4, "training", -1, -1));
        }
        for (String recurrent : List.of("lstm", "gru", "rnn_tanh", "rnn_relu", "quantized_lstm", "quantized_gru")) {
            flags.put(recurrent, new Flag(6, "train", 5, -1));
        }
        for (String attention : List.of(
                "scaled_dot_product_attention",
                "_scaled_dot_product_attention",
                "_scaled_dot_product_attention_math")) {
            flags.put(attention, new Flag(4, "dropout_p", 4, -1));
        }
        return flags;
    }

    /** The call in evaluation mode; empty if unchanged. */
    static Optional<Expr> of(Expr expr) {
        if (!(expr instanceof Expr.Call call) || !(call.callee() instanceof Expr.Attribute)) {
            return Optional.empty();
        }
        String name = call.callee().dotted().orElse("");
        if (name.equals("ops.quantized.dropout")) {
            return turnedOff(call, new Flag(4, "training", 3, -1));
        }
        Flag flag = name.startsWith(TORCH) ? FLAGS.get(name.substring(TORCH.length())) : null;
        return flag == null ? Optional.empty() : turnedOff(call, packed(call, flag));
    }

    /** Shifts the flag by one for packed sequences, whose recurrent networks also take the batch sizes. */
    private static Flag packed(Expr.Call call, Flag flag) {
        boolean recurrent = flag.probability() == flag.place() - 1 && flag.place() == 6;
        boolean packed =
                recurrent && call.args().size() > 4 && isFlag(call.args().get(4).value());
        return packed ? new Flag(flag.place() + 1, flag.keyword(), flag.probability() + 1, -1) : flag;
    }

    private static boolean isFlag(Expr expr) {
        return expr instanceof Expr.Literal literal && List.of(TRUE, "False").contains(literal.text());
    }

    private static Optional<Expr> turnedOff(Expr.Call call, Flag flag) {
        int at = place(call, flag.place(), flag.keyword());
        boolean inert = isZero(call, flag.probability()) || isNone(call, flag.mean());
        if (at < 0 || inert || !(call.args().get(at).value() instanceof Expr.Literal literal)) {
            return Optional.empty();
        }
        boolean probability = flag.place() == flag.probability();
        boolean on =
                probability || literal.text().equals(TRUE) || literal.text().equals(NONE);
        if (!on) {
            return Optional.empty();
        }
        List<Expr.Arg> args = new ArrayList<>(call.args());
        args.set(at, new Expr.Arg(args.get(at).keyword(), probability ? new Expr.Literal("0.") : OFF));
        return Optional.of(new Expr.Call(call.callee(), args));
    }

    /** Index of an argument in the call; -1 if omitted. */
    private static int place(Expr.Call call, int place, String keyword) {
        for (int i = 0; i < call.args().size(); i++) {
            Optional<String> given = call.args().get(i).keyword();
            if (given.isPresent() ? given.get().equals(keyword) : i == place) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isZero(Expr.Call call, int place) {
        return literal(call, place)
                .filter(text -> text.chars().allMatch(c -> c == '0' || c == '.'))
                .isPresent();
    }

    private static boolean isNone(Expr.Call call, int place) {
        return literal(call, place).filter(NONE::equals).isPresent();
    }

    private static Optional<String> literal(Expr.Call call, int place) {
        return place >= 0
                        && place < call.args().size()
                        && call.args().get(place).value() instanceof Expr.Literal text
                ? Optional.of(text.text())
                : Optional.empty();
    }
}
