package org.netdissect.architecture.family;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Networks whose tensors have the same names and numbers in timm as in torchvision, for who asks for timm's. */
final class TimmNamesakes implements Family {
    private static final List<String> NAMES = List.of(
            "resnet18",
            "resnet34",
            "resnet50",
            "resnet101",
            "resnet152",
            "resnext50_32x4d",
            "resnext101_32x8d",
            "resnext101_64x4d",
            "wide_resnet50_2",
            "wide_resnet101_2",
            "densenet121",
            "densenet161",
            "densenet169",
            "densenet201",
            "inception_v3");

    @Override
    public List<Architecture> known() {
        List<Architecture> known = new ArrayList<>();
        Stream.of(new ResNets(), new DenseNets(), new InceptionV3s())
                .flatMap(family -> family.known().stream())
                .filter(network -> NAMES.contains(network.name()))
                .forEach(network ->
                        known.add(TimmNames.named(network.name(), network).chosenByNameOnly()));
        return known;
    }
}
