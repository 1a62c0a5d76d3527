package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Vision transformers with torchvision's names (torchvision/models/vision_transformer.py). */
final class Vits implements Family {
    private static final String TYPE = "torchvision.models.vision_transformer.";
    static final double EPS = 1e-6;
    static final int PUBLISHED_SIDE = 224;

    private static final List<Plan> PLANS = List.of(
            new Plan("vit_b_16", 16, 12, 12, 768, 3072),
            new Plan("vit_b_32", 32, 12, 12, 768, 3072),
            new Plan("vit_l_16", 16, 24, 16, 1024, 4096),
            new Plan("vit_l_32", 32, 24, 16, 1024, 4096),
            new Plan("vit_h_14", 14, 32, 16, 1280, 5120));

    /**
     * Numbers of a network.
     *
     * @param patch side of a patch in pixels
     * @param heads of attention, which no tensor shows
     * @param width channels of a token
     * @param hidden width of the hidden layer in a block
     */
    record Plan(String name, int patch, int blocks, int heads, int width, int hidden) {
        int side(long tokens) {
            long along = Math.round(Math.sqrt((double) tokens - 1));
            return along * along == tokens - 1 ? Math.toIntExact(along * patch) : 0;
        }

        int tokens(int side) {
            return (side / patch) * (side / patch) + 1;
        }
    }

    @Override
    public List<Architecture> known() {
        return PLANS.stream()
                .map(plan -> architecture(plan.name(), plan, PUBLISHED_SIDE))
                .toList();
    }

    /** Networks for images of another size, which the position embedding tells. */
    @Override
    public List<Architecture> suggested(Map<String, List<Long>> sizes) {
        return sides(
                PLANS,
                sizes,
                "encoder.pos_embedding",
                "conv_proj.weight",
                (plan, side) -> architecture(plan.name() + "_" + side, plan, side));
    }

    /** Networks for images of another size, where the tensors of position embedding and patches have some names. */
    static List<Architecture> sides(
            List<Plan> plans,
            Map<String, List<Long>> sizes,
            String embedding,
            String projection,
            BiFunction<Plan, Integer, Architecture> network) {
        List<Long> positions = sizes.getOrDefault(embedding, List.of());
        List<Long> patches = sizes.getOrDefault(projection, List.of());
        return plans.stream()
                .filter(plan ->
                        patches.equals(List.of((long) plan.width(), 3L, (long) plan.patch(), (long) plan.patch())))
                .filter(plan -> positions.size() == 3)
                .flatMap(plan -> Stream.of(plan.side(positions.get(1)))
                        .filter(side -> side > 0 && side != PUBLISHED_SIDE)
                        .map(side -> network.apply(plan, side)))
                .toList();
    }

    /** Files older than torchvision 0.13 number the linear layers of a block from 1. */
    @Override
    public String canonical(String name) {
        return name.replace(".mlp.linear_1.", ".mlp.0.").replace(".mlp.linear_2.", ".mlp.3.");
    }

    private static Architecture architecture(String name, Plan plan, int side) {
        return new Architecture(name, "heads.head.weight", classes -> network(plan, plan.tokens(side), classes))
                .withInput(side, true);
    }

    static ModuleSpec network(Plan plan, int tokens, int classes) {
        return new ModuleBuilder(TYPE + "VisionTransformer")
                .parameter("class_token", 1, 1, plan.width())
                .child(
                        "conv_proj",
                        new Conv(3, plan.width(), plan.patch())
                                .stride(plan.patch())
                                .build())
                .child("encoder", encoder(plan, tokens))
                .child("heads", Layers.sequential(Map.of("head", Layers.linear(plan.width(), classes))))
                .run(INPUT, INPUT, "conv_proj")
                .let(INPUT, "torch.permute(torch.flatten(x, 2), [0, 2, 1])")
                .let("token", "torch.expand(self.class_token, [torch.size(x, 0), -1, -1])")
                .let(INPUT, "torch.cat([token, x], 1)")
                .run(INPUT, INPUT, "encoder")
                .let(INPUT, "torch.select(x, 1, 0)")
                .run(INPUT, INPUT, "heads")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec encoder(Plan plan, int tokens) {
        Map<String, ModuleSpec> blocks = new LinkedHashMap<>();
        for (int i = 0; i < plan.blocks(); i++) {
            blocks.put("encoder_layer_" + i, block(plan));
        }
        return new ModuleBuilder(TYPE + "Encoder")
                .parameter("pos_embedding", 1, tokens, plan.width())
                .child("dropout", Layers.dropout())
                .child("layers", Layers.sequential(blocks))
                .child("ln", Layers.layerNorm(plan.width(), EPS))
                .let(INPUT, "torch.add(x, self.pos_embedding)")
                .runAll()
                .build();
    }

    private static ModuleSpec block(Plan plan) {
        return new ModuleBuilder(TYPE + "EncoderBlock")
                .child("ln_1", Layers.layerNorm(plan.width(), EPS))
                .child("self_attention", TransformerLayers.attention(plan.width(), plan.heads()))
                .child("dropout", Layers.dropout())
                .child("ln_2", Layers.layerNorm(plan.width(), EPS))
                .child("mlp", TransformerLayers.mlp(TYPE + "MLPBlock", plan.width(), plan.hidden()))
                .run("y", INPUT, "ln_1", "self_attention", "dropout")
                .let(INPUT, "torch.add(y, x)")
                .run("y", INPUT, "ln_2", "mlp")
                .returns("torch.add(x, y)")
                .build();
    }
}
