package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.architecture.family.Vits.Plan;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Vision transformers with timm's names (timm/models/vision_transformer.py). */
final class TimmVits implements Family {
    private static final String TYPE = "timm.models.vision_transformer.";

    /** The names end with the side of the images. */
    private static final List<Plan> PLANS = List.of(
            new Plan("vit_tiny_patch16_", 16, 12, 3, 192, 768),
            new Plan("vit_small_patch16_", 16, 12, 6, 384, 1536),
            new Plan("vit_small_patch32_", 32, 12, 6, 384, 1536),
            new Plan("vit_base_patch16_", 16, 12, 12, 768, 3072),
            new Plan("vit_base_patch32_", 32, 12, 12, 768, 3072),
            new Plan("vit_large_patch16_", 16, 24, 16, 1024, 4096),
            new Plan("vit_large_patch32_", 32, 24, 16, 1024, 4096),
            new Plan("vit_huge_patch14_", 14, 32, 16, 1280, 5120));

    @Override
    public List<Architecture> known() {
        return PLANS.stream()
                .map(plan -> architecture(plan, Vits.PUBLISHED_SIDE))
                .toList();
    }

    /** Networks for images of another size, which the position embedding tells. */
    @Override
    public List<Architecture> suggested(Map<String, List<Long>> sizes) {
        return Vits.sides(PLANS, sizes, "pos_embed", "patch_embed.proj.weight", TimmVits::architecture);
    }

    private static Architecture architecture(Plan plan, int side) {
        String name = plan.name() + side;
        return TimmNames.named(
                name,
                new Architecture(name, "head.weight", classes -> network(plan, plan.tokens(side), classes))
                        .withInput(side, true));
    }

    static ModuleSpec network(Plan plan, int tokens, int classes) {
        int width = plan.width();
        ModuleSpec patches = new ModuleBuilder("timm.layers.patch_embed.PatchEmbed")
                .child(
                        "proj",
                        new Conv(3, width, plan.patch()).stride(plan.patch()).build())
                .child("norm", Layers.identity())
                .run(INPUT, INPUT, "proj")
                .let(INPUT, "torch.permute(torch.flatten(x, 2), [0, 2, 1])")
                .run(INPUT, INPUT, "norm")
                .returns(INPUT)
                .build();
        return new ModuleBuilder(TYPE + "VisionTransformer")
                .parameter("cls_token", 1, 1, width)
                .parameter("pos_embed", 1, tokens, width)
                .child("patch_embed", patches)
                .child("pos_drop", Layers.dropout())
                .child("patch_drop", Layers.identity())
                .child("norm_pre", Layers.identity())
                .child("blocks", Layers.sequential(Collections.nCopies(plan.blocks(), block(plan))))
                .child("norm", Layers.layerNorm(width, Vits.EPS))
                .child("fc_norm", Layers.identity())
                .child("head_drop", Layers.dropout())
                .child("head", Layers.linear(width, classes))
                .run(INPUT, INPUT, "patch_embed")
                .let("token", "torch.expand(self.cls_token, [torch.size(x, 0), -1, -1])")
                .let(INPUT, "torch.add(torch.cat([token, x], 1), self.pos_embed)")
                .run(INPUT, INPUT, "pos_drop", "patch_drop", "norm_pre", "blocks", "norm")
                .let(INPUT, "torch.select(x, 1, 0)")
                .run(INPUT, INPUT, "fc_norm", "head_drop", "head")
                .returns(INPUT)
                .build();
    }

    private static ModuleSpec block(Plan plan) {
        return new ModuleBuilder(TYPE + "Block")
                .child("norm1", Layers.layerNorm(plan.width(), Vits.EPS))
                .child("attn", attention(plan.width(), plan.heads()))
                .child("ls1", Layers.identity())
                .child("drop_path1", Layers.identity())
                .child("norm2", Layers.layerNorm(plan.width(), Vits.EPS))
                .child("mlp", TimmLayers.mlp(plan.width(), plan.hidden()))
                .child("ls2", Layers.identity())
                .child("drop_path2", Layers.identity())
                .run("y", INPUT, "norm1", "attn", "ls1", "drop_path1")
                .let(INPUT, "torch.add(x, y)")
                .run("y", INPUT, "norm2", "mlp", "ls2", "drop_path2")
                .returns("torch.add(x, y)")
                .build();
    }

    private static ModuleSpec attention(int width, int heads) {
        ModuleBuilder attention = new ModuleBuilder("timm.layers.attention.Attention")
                .child("qkv", Layers.linear(width, 3 * width))
                .child("q_norm", Layers.identity())
                .child("k_norm", Layers.identity())
                .child("attn_drop", Layers.dropout())
                .child("norm", Layers.identity())
                .child("proj", Layers.linear(width, width))
                .child("proj_drop", Layers.dropout())
                .run("qkv", INPUT, "qkv");
        return TransformerLayers.attended(attention, width, heads)
                .run("y", "y", "norm", "proj", "proj_drop")
                .returns("y")
                .build();
    }
}
