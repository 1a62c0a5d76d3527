package org.netdissect.architecture.family;

import static org.netdissect.torchscript.assembly.ModuleBuilder.INPUT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Layers.Conv;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * Networks that the authors of Network Dissection released with their later paper, with layers named as in papers
 * (github.com/davidbau/dissect, experiment/oldalexnet.py, oldvgg16.py, oldresnet152.py).
 */
final class DissectNetworks implements Family {
    private static final String ALEXNET = "experiment.oldalexnet.";
    private static final String RESNET = "experiment.oldresnet152.";

    @Override
    public List<Architecture> known() {
        return List.of(
                of(new Architecture("dissect-alexnet", "fc8.weight", DissectNetworks::alexNet))
                        .withInput(227, true),
                of(new Architecture("dissect-vgg16", "classifier.fc8a.weight", DissectNetworks::vgg16)),
                of(new Architecture("dissect-resnet152", "10.1.weight", DissectNetworks::resNet152))
                        .withInput(224, true));
    }

    private static Architecture of(Architecture architecture) {
        return architecture.from("davidbau/dissect's");
    }

    /** AlexNet of two towers, with local response normalisation. */
    private static ModuleSpec alexNet(int classes) {
        Map<String, ModuleSpec> layers = new LinkedHashMap<>();
        layers.put("conv1", new Conv(3, 96, 11).stride(4).build());
        layers.put("relu1", Layers.relu());
        layers.put("pool1", Layers.maxPool(3, 2, 0, false));
        layers.put("lrn1", responseNorm());
        layers.put("conv2", new Conv(96, 256, 5).padding(2).groups(2).build());
        layers.put("relu2", Layers.relu());
        layers.put("pool2", Layers.maxPool(3, 2, 0, false));
        layers.put("lrn2", responseNorm());
        layers.put("conv3", new Conv(256, 384, 3).padding(1).build());
        layers.put("relu3", Layers.relu());
        layers.put("conv4", new Conv(384, 384, 3).padding(1).groups(2).build());
        layers.put("relu4", Layers.relu());
        layers.put("conv5", new Conv(384, 256, 3).padding(1).groups(2).build());
        layers.put("relu5", Layers.relu());
        layers.put("pool5", Layers.maxPool(3, 2, 0, false));
        layers.put("flatten", Layers.function(ALEXNET + "Vectorize", "torch.flatten(x, 1)"));
        layers.put("fc6", Layers.linear(256 * 6 * 6, 4096));
        layers.put("relu6", Layers.relu());
        layers.put("dropout6", Layers.dropout());
        layers.put("fc7", Layers.linear(4096, 4096));
        layers.put("relu7", Layers.relu());
        layers.put("dropout7", Layers.dropout());
        layers.put("fc8", Layers.linear(4096, classes));
        return named(ALEXNET + "AlexNet", layers);
    }

    /** Divides by a power of the mean square of five neighbouring channels. */
    private static ModuleSpec responseNorm() {
        return new ModuleBuilder(ALEXNET + "LRN")
                .child(
                        "average",
                        Layers.function(
                                "torch.nn.modules.pooling.AvgPool3d",
                                "torch.avg_pool3d(x, [5, 1, 1], [1, 1, 1], [2, 0, 0])"))
                .let("y", "torch.unsqueeze(torch.pow(x, 2), 1)")
                .run("y", "y", "average")
                .let("y", "torch.add(torch.mul(torch.squeeze(y, 1), 0.0001), 1.)")
                .returns("torch.div(x, torch.pow(y, 0.75))")
                .build();
    }

    private static ModuleSpec vgg16(int classes) {
        Map<String, ModuleSpec> features = new LinkedHashMap<>();
        List<Integer> convolutions = List.of(2, 2, 3, 3, 3);
        int in = 3;
        for (int stage = 1; stage <= convolutions.size(); stage++) {
            int out = Math.min(512, 32 << stage);
            for (int i = 1; i <= convolutions.get(stage - 1); i++) {
                features.put(
                        "conv" + stage + "_" + i,
                        new Conv(in, out, 3).padding(1).build());
                features.put("relu" + stage + "_" + i, Layers.relu());
                in = out;
            }
            features.put("pool" + stage, Layers.maxPool(2, 2, 0, false));
        }
        Map<String, ModuleSpec> classifier = new LinkedHashMap<>();
        classifier.put("fc6", Layers.linear(in * 7 * 7, 4096));
        classifier.put("relu6", Layers.relu());
        classifier.put("drop6", Layers.dropout());
        classifier.put("fc7", Layers.linear(4096, 4096));
        classifier.put("relu7", Layers.relu());
        classifier.put("drop7", Layers.dropout());
        classifier.put("fc8a", Layers.linear(4096, classes));
        return Vggs.network(
                "torchvision.models.vgg.VGG", Layers.sequential(features), 7, Layers.sequential(classifier));
    }

    /** ResNet-152 converted from Lua Torch: only numbers as names. */
    private static ModuleSpec resNet152(int classes) {
        List<ModuleSpec> layers = new ArrayList<>();
        layers.add(new Conv(3, 64, 7).stride(2).padding(3).withoutBias().build());
        layers.add(Layers.batchNorm(64));
        layers.add(Layers.relu());
        layers.add(Layers.maxPool(3, 2, 1, false));
        List<Integer> blocks = List.of(3, 8, 36, 3);
        int in = 64;
        for (int stage = 0; stage < blocks.size(); stage++) {
            int width = 64 << stage;
            List<ModuleSpec> stages = new ArrayList<>();
            for (int i = 0; i < blocks.get(stage); i++) {
                stages.add(block(in, width, stage > 0 && i == 0 ? 2 : 1));
                in = 4 * width;
            }
            layers.add(Layers.sequential(stages));
        }
        layers.add(Layers.avgPool(7, 1));
        layers.add(Layers.function(RESNET + "Lambda", "torch.flatten(x, 1)"));
        layers.add(Layers.sequential(Layers.function(RESNET + "Lambda", INPUT), Layers.linear(in, classes)));
        return Layers.sequential(RESNET + "OldResNet152", layers);
    }

    /** Two paths, their sum, and a ReLU; the module of the paths gives a list in PyTorch and is no layer here. */
    private static ModuleSpec block(int in, int width, int stride) {
        int out = 4 * width;
        ModuleSpec residual = Layers.sequential(
                new Conv(in, width, 1).withoutBias().build(),
                Layers.batchNorm(width),
                Layers.relu(),
                new Conv(width, width, 3)
                        .stride(stride)
                        .padding(1)
                        .withoutBias()
                        .build(),
                Layers.batchNorm(width),
                Layers.relu(),
                new Conv(width, out, 1).withoutBias().build(),
                Layers.batchNorm(out));
        ModuleSpec shortcut = in == out
                ? Layers.function(RESNET + "Lambda", INPUT)
                : Layers.sequential(
                        new Conv(in, out, 1).stride(stride).withoutBias().build(), Layers.batchNorm(out));
        String paths = ModuleBuilder.attribute("0");
        return new ModuleBuilder("torch.nn.modules.container.Sequential")
                .child(
                        "0",
                        new ModuleBuilder(RESNET + "LambdaMap")
                                .child("0", residual)
                                .child("1", shortcut)
                                .returns(INPUT)
                                .build())
                .child("1", Layers.function(RESNET + "LambdaReduce", INPUT))
                .child("2", Layers.relu())
                .let("paths", paths)
                .let("y", "(getattr(paths, \"0\")).forward(x, )")
                .let("y", "torch.add(y, (getattr(paths, \"1\")).forward(x, ))")
                .run("y", "y", "1", "2")
                .returns("y")
                .build();
    }

    private static ModuleSpec named(String type, Map<String, ModuleSpec> layers) {
        ModuleBuilder network = new ModuleBuilder(type);
        layers.forEach(network::child);
        return network.runAll().build();
    }
}
