package org.netdissect.architecture.family;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.RawOutputs;
import org.netdissect.table.NpyArray;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.assembly.Assembly;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/**
 * Compares outputs of generated networks with PyTorch's, with weights by the formula. Prints a row for each network;
 * for {@code scripts/check-families.sh}.
 */
final class FamilyCheck {
    /** PyTorch adds numbers in another order from version to version. */
    static final double TOLERANCE = 1e-4;

    /**
     * Some deep networks of the formula are chaotic: the last bit of the image decides over their first digits (of
     * efficientnet_v2_s, PyTorch's own float32 logits are 0.5 from its float64 ones). Outputs may differ by as much as
     * this multiple of what such a bit changes.
     */
    private static final double OF_ROUNDING = 10;

    private static final int CLASSES = 1000;

    private FamilyCheck() {}

    /**
     * How far an output is from PyTorch's.
     *
     * @param output layer, or {@link TorchScriptArchive#OUTPUT}
     * @param difference by the greatest magnitude
     * @param rounding the difference that last bits of the image make
     */
    record Deviation(String output, double difference, double rounding) {
        /** Whether it is rounding; NaN is not. */
        boolean isSmall() {
            return difference <= Math.max(TOLERANCE, OF_ROUNDING * rounding);
        }
    }

    /** Arguments: names of networks; all if none. Ends with 1 if one of them differs by more than rounding. */
    public static void main(String[] names) throws IOException {
        List<Architecture> networks = FamilyFile.torchvision(Families.ALL).stream()
                .filter(network -> names.length == 0 || List.of(names).contains(network.name()))
                .toList();
        System.out.println("network              parameters    logits    layers   last bit of the image, logits");
        Path scratch = Files.createTempDirectory("families");
        boolean small = true;
        for (Architecture network : networks) {
            Optional<FamilyFile> expected = FamilyFile.find(network.name());
            if (expected.isPresent()) {
                List<Deviation> deviations = deviations(network, expected.get(), scratch);
                Deviation logits = deviations.get(0);
                boolean fits = deviations.stream().allMatch(Deviation::isSmall);
                small &= fits;
                System.out.printf(
                        Locale.ROOT,
                        "%-20s %,11d   %.1e   %.1e   %.1e%s%n",
                        network.name(),
                        FamilyFile.parameters(network, CLASSES),
                        logits.difference(),
                        deviations.stream()
                                .skip(1)
                                .mapToDouble(Deviation::difference)
                                .max()
                                .orElse(0),
                        logits.rounding(),
                        fits ? "" : "   !");
            }
        }
        Files.delete(scratch);
        System.exit(small ? 0 : 1);
    }

    /** Deviations of the network's output, which comes first, and of the layers that the file has. */
    static List<Deviation> deviations(Architecture network, FamilyFile expected, Path scratch) throws IOException {
        int side = expected.side();
        float[] image = FormulaWeights.images(1, side);
        float[] otherBits = image.clone();
        for (int i = 0; i < image.length; i++) {
            otherBits[i] = i % 2 == 0 ? Math.nextUp(image[i]) : Math.nextDown(image[i]);
        }
        List<Map<String, FloatTensor>> outputs = RawOutputs.of(
                archive(network),
                expected.layers().stream().map(FamilyFile.Output::layer).toList(),
                List.of(new FloatTensor(image, 1, 3, side, side), new FloatTensor(otherBits, 1, 3, side, side)),
                scratch);
        List<Deviation> deviations = new ArrayList<>();
        String whole = TorchScriptArchive.OUTPUT;
        float[] logits = of(outputs.get(0), whole).values();
        deviations.add(new Deviation(
                whole,
                difference(logits, NpyArray.read(expected.logits()).values()),
                difference(of(outputs.get(1), whole).values(), logits)));
        for (FamilyFile.Output layer : expected.layers()) {
            FloatTensor output = of(outputs.get(0), layer.layer());
            if (!Arrays.stream(output.shape()).boxed().toList().equals(layer.shape())) {
                throw new AssertionError(
                        layer.layer() + ": " + Arrays.toString(output.shape()) + " for " + layer.shape());
            }
            deviations.add(new Deviation(
                    layer.layer(),
                    differenceOfSums(output.values(), layer),
                    distance(of(outputs.get(1), layer.layer()).values(), output.values())));
        }
        return deviations;
    }

    private static FloatTensor of(Map<String, FloatTensor> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), name);
    }

    /** The greater difference of the sum and the sum of magnitudes, by the latter. */
    private static double differenceOfSums(float[] values, FamilyFile.Output expected) {
        double sum = 0;
        double absolute = 0;
        for (float value : values) {
            sum += value;
            absolute += Math.abs(value);
        }
        return Math.max(Math.abs(sum - expected.sum()), Math.abs(absolute - expected.absolute())) / expected.absolute();
    }

    /** The sum of all differences by that of all magnitudes: the most by which sums could differ. */
    private static double distance(float[] values, float[] others) {
        double distance = 0;
        double absolute = 0;
        for (int i = 0; i < values.length; i++) {
            distance += Math.abs((double) values[i] - others[i]);
            absolute += Math.abs(others[i]);
        }
        return distance / absolute;
    }

    /** A network of 1000 classes with weights by the formula. */
    static TorchScriptArchive archive(Architecture network) throws IOException {
        ModuleSpec modules = network.network().apply(CLASSES);
        Map<String, TensorSlot> slots = modules.allTensors();
        return TorchScriptArchive.of(Assembly.of(
                Path.of(network.name()),
                modules,
                name -> FormulaWeights.of(name, Objects.requireNonNull(slots.get(name))),
                new Provenance(network.name(), 0, OptionalInt.empty(), Optional.empty())));
    }

    /** The greatest difference by the greatest magnitude. */
    static double difference(float[] values, float[] expected) {
        if (values.length != expected.length) {
            throw new AssertionError(values.length + " numbers for " + expected.length);
        }
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < values.length; i++) {
            difference = Math.max(difference, Math.abs((double) values[i] - expected[i]));
            magnitude = Math.max(magnitude, Math.abs(expected[i]));
        }
        return difference / magnitude;
    }
}
