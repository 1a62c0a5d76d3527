package org.netdissect.visualize;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.netdissect.base.GridSize;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.GradientMethod;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.network.Preprocessing;
import org.netdissect.result.Visualized;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.ImageSpace;
import org.netdissect.visualize.space.Transforms;

/**
 * Milliseconds of one step for one image: of an ascent with standard moves, of bare forward and backward passes up to
 * the layer, and of bare passes through the whole network; on one thread, in turn.
 */
final class StepsAlone {
    private static final int STEPS = 16;
    private static final String BARE = """

            def bare(self, a: Dict[str, Tensor]) -> Dict[str, Tensor]:
              x = a["x"]
              for i in range(int(a["steps"])):
                leaf = torch.requires_grad_(torch.detach(x))
                taps = (self).forward_tapped(torch.mul(leaf, 1), )
                map = torch.values(taps)[0]
                maps = torch.reshape(map, [torch.size(map, 0), torch.size(map, 1), -1, 1])
                total = torch.sum((self).ascent_values(maps, a, ))
                found = torch.autograd.grad([total], [leaf], None, None, False, True)[0]
                if torch.__isnot__(found, None):
                  x = torch.sub(x, torch.mul(torch.sign(unchecked_cast(Tensor, found)), 0.01))
              return {"x": torch.detach(x)}
            """;

    private StepsAlone() {}

    /** Arguments: archive, layer, side, batch, rounds. */
    public static void main(String[] args) throws Exception {
        TorchScriptArchive archive = TorchScriptArchive.open(Path.of(args[0]));
        int side = Integer.parseInt(args[2]);
        int batch = Integer.parseInt(args[3]);
        GridSize size = new GridSize(side, side);
        Path scratch = Files.createTempDirectory("steps-alone");
        try (LoadedNetwork cut = load(archive, args[1], scratch);
                LoadedNetwork whole = load(archive, TorchScriptArchive.OUTPUT, scratch)) {
            LayerMaps maps = LayerMaps.of(archive, Map.of(), size);
            MapArrangement arrangement = MapArrangement.of(cut, maps, args[1], InputFinder.grey(1, 3, size));
            LayerNetwork layer = new LayerNetwork(
                    cut,
                    arrangement,
                    NetworkInput.of(Preprocessing.IMAGENET).constants(size),
                    Visualized.Objective.CHANNEL,
                    null,
                    new int[] {-1, -1});
            ImageSpace space = new ImageSpace(ImageBasis.FOURIER, 3, size, 1, null, null);
            int rounds = Integer.parseInt(args[4]);
            List<Target> group = IntStream.range(0, batch)
                    .mapToObj(unit -> new Target(Visualized.Objective.CHANNEL, unit, false, 1, ""))
                    .toList();
            AscentSettings settings =
                    new AscentSettings(STEPS * (rounds + 1), 0.05, Transforms.parse("standard", size), 0, 0, true, 0);
            Ascent ascent = new Ascent(layer, space, settings, group);
            AscentState state = ascent.start();
            GradientMethod upToLayer = new GradientMethod(cut, "bare");
            GradientMethod toOutput = new GradientMethod(whole, "bare");
            Map<String, FloatTensor> bare = new HashMap<>();
            bare.put("x", noise(batch, side));
            bare.put("units", FloatTensor.of(IntStream.range(0, batch).toArray()));
            bare.put("steps", FloatTensor.of((float) STEPS));
            Map<String, List<Double>> times = new HashMap<>();
            for (String name : List.of("ascent", "cut", "whole")) {
                times.put(name, new ArrayList<>());
            }
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                state = ascent.advance(state, STEPS);
                long middle = System.nanoTime();
                upToLayer.call(bare);
                long end = System.nanoTime();
                toOutput.call(bare);
                long last = System.nanoTime();
                if (round > 0) {
                    Objects.requireNonNull(times.get("ascent")).add(perStep(middle - start, batch));
                    Objects.requireNonNull(times.get("cut")).add(perStep(end - middle, batch));
                    Objects.requireNonNull(times.get("whole")).add(perStep(last - end, batch));
                }
            }
            double steps = median(Objects.requireNonNull(times.get("ascent")));
            double passes = median(Objects.requireNonNull(times.get("cut")));
            double all = median(Objects.requireNonNull(times.get("whole")));
            System.out.printf(
                    Locale.ROOT,
                    "%s %d px, batch %d: step %.2f ms, bare passes %.2f ms, ratio %.3f; whole network %.2f ms, %.2f "
                            + "times the cut one%n",
                    args[1],
                    side,
                    batch,
                    steps,
                    passes,
                    steps / passes,
                    all,
                    all / passes);
        }
    }

    private static LoadedNetwork load(TorchScriptArchive archive, String tap, Path scratch) throws Exception {
        Rewrite rewrite = new Rewrite(List.of(new Edit.Tap(tap)), true, Subject.METHODS + BARE);
        return LoadedNetwork.loadForGradients(archive, rewrite, ComputeDevice.CPU, scratch);
    }

    /** Values of about the size of a network's input. */
    private static FloatTensor noise(int batch, int side) {
        Random random = new Random(1);
        float[] values = new float[batch * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new FloatTensor(values, batch, 3, side, side);
    }

    private static double perStep(long nanos, int batch) {
        return nanos / 1e6 / STEPS / batch;
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }
}
