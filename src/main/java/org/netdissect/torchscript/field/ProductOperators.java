package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matrix products, and attention as two of them. */
final class ProductOperators {
    private ProductOperators() {}

    static void addTo(Map<String, Operators.Operator> table) {
        table.put("linear", ProductOperators::linear);
        table.put("addmm", call -> call.result(product(call.layout(1), call.layout(2))));
        table.put("baddbmm", call -> call.result(product(call.layout(1), call.layout(2))));
        List.of("matmul", "mm", "bmm")
                .forEach(name -> table.put(name, call -> call.result(product(call.layout(0), call.layout(1)))));
        table.put("einsum", ProductOperators::einsum);
        table.put("scaled_dot_product_attention", call -> call.result(attention(call)));
        table.put(
                "_native_multi_head_attention",
                call -> call.items(
                        List.of(call.result(selfAttention(call.layout(0))), Value.lost("weights between places"))));
        table.put("_transformer_encoder_layer_fwd", call -> call.result(selfAttention(call.layout(0))));
    }

    /** Arguments: input [..., in], weight [out, in] */
    private static Value linear(OperatorCall call) {
        Layout layout = call.layout(0);
        Layout weight = call.layout(1);
        Dim out = Dim.plain(weight.rank() == 0 ? Dim.UNKNOWN : weight.dim(0).extent());
        return call.result(layout.with(-1, out).summedOver(List.of(layout.dim(-1))));
    }

    /**
     * Product over the last dimension of the first and the last but one of the second; leading dimensions are joined.
     */
    private static Layout product(Layout a, Layout b) {
        if (a.rank() < 2 || b.rank() < 2) {
            throw new Unfollowed("a product with a vector");
        }
        Layout batch = a.without(-1).without(-1).join(b.without(-1).without(-1));
        List<Dim> dims = new ArrayList<>(batch.dims());
        dims.add(a.dim(-2));
        dims.add(b.dim(-1));
        return batch.ofDims(dims).summedOver(List.of(a.dim(-1), b.dim(-2)));
    }

    /** Arguments: query [..., places, in], key [..., others, in], value [..., others, out] */
    private static Layout attention(OperatorCall call) {
        Layout query = call.layout(0);
        Layout value = call.layout(2);
        Layout joined = query.without(-1).without(-1).join(value.without(-1).without(-1));
        List<Dim> dims = new ArrayList<>(joined.dims());
        dims.add(query.dim(-2));
        dims.add(value.dim(-1));
        return joined.ofDims(dims).summedOver(List.of(value.dim(-2)));
    }

    /** Layout after attention from every position to every other, in one operator. */
    private static Layout selfAttention(Layout layout) {
        return layout.summedOver(
                layout.dims().stream().filter(dim -> !dim.isPlain()).toList());
    }

    /** Arguments: equation, tensors. Letters name dimensions; letters missing in the result are summed over */
    private static Value einsum(OperatorCall call) {
        String equation = call.arg(0)
                .flatMap(value -> value.as(String.class))
                .orElseThrow(() -> new Unfollowed("its equation"))
                .replace(" ", "");
        String[] sides = equation.split("->", -1);
        if (sides.length != 2 || equation.contains(".") || !(call.arg(1).orElse(Value.none()) instanceof Value.Items)) {
            throw new Unfollowed("its equation " + equation);
        }
        List<Value> tensors = ((Value.Items) call.arg(1).orElseThrow()).list();
        String[] inputs = sides[0].split(",", -1);
        if (inputs.length != tensors.size()) {
            throw new Unfollowed("its equation " + equation);
        }
        Map<Character, Dim> letters = new LinkedHashMap<>();
        Layout result = Layout.SCALAR;
        for (int i = 0; i < inputs.length; i++) {
            Layout layout = OperatorCall.layout(tensors.get(i)).orElseThrow(() -> new Unfollowed("one of its tensors"));
            if (layout.rank() != inputs[i].length()) {
                throw new Unfollowed("its equation " + equation);
            }
            for (int dim = 0; dim < layout.rank(); dim++) {
                letters.merge(inputs[i].charAt(dim), layout.dim(dim), Dim::join);
            }
            result = result.join(layout.ofDims(List.of()));
        }
        List<Dim> kept = new ArrayList<>();
        for (char letter : sides[1].toCharArray()) {
            Dim dim = letters.remove(letter);
            if (dim == null) {
                throw new Unfollowed("its equation " + equation);
            }
            kept.add(dim);
        }
        return call.result(result.ofDims(kept).summedOver(List.copyOf(letters.values())));
    }
}
