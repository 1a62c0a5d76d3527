package org.netdissect.visualize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.SafeFiles;
import org.netdissect.base.Workers;
import org.netdissect.network.FloatTensor;
import org.netdissect.result.Visualized;
import org.netdissect.visualize.space.EightBitImage;

/**
 * Makes the images of one layer, several batches side by side. A batch is filled up with its last target, so that an
 * image does not depend on how many others are left to be made.
 */
final class LayerVisualizer {
    /** Steps of one call; results do not depend on it. */
    private static final int STEPS_PER_CALL = 16;
    /** Steps after which the state of an unfinished batch is stored. */
    private static final int STEPS_PER_STATE = 64;

    private final LayerNetwork network;
    private final Parameterization parameterization;
    private final AscentSettings settings;
    private final @Nullable ProbeStatistics probe;
    private final @Nullable ClassChange change;
    private final LayerFolder folder;
    private final Growth growth;

    /** Takes note of finished images; one thread at a time calls it. */
    @FunctionalInterface
    interface Growth {
        /** Called with all images that are finished. */
        void grown(List<Visualized> rows) throws IOException;
    }

    /**
     * Images of a layer.
     *
     * @param probe to compare with, or null
     * @param change for notes of the class before and after, or null
     */
    LayerVisualizer(
            LayerNetwork network,
            Parameterization parameterization,
            AscentSettings settings,
            @Nullable ProbeStatistics probe,
            @Nullable ClassChange change,
            LayerFolder folder,
            Growth growth) {
        this.network = network;
        this.parameterization = parameterization;
        this.settings = settings;
        this.probe = probe;
        this.change = change;
        this.folder = folder;
        this.growth = growth;
    }

    /** Makes the images that are not finished, {@code batch} at a time. */
    void run(List<Target> targets, int batch, int threads, ProgressListener progress) throws IOException {
        List<List<Target>> groups = new ArrayList<>();
        for (int from = 0; from < targets.size(); from += batch) {
            groups.add(targets.subList(from, Math.min(from + batch, targets.size())));
        }
        int[] done = {0};
        Workers.run(threads, groups.size(), index -> {
            List<Target> group = groups.get(index);
            Map<Visualized, float[]> finished = visualize(group, batch);
            synchronized (folder) {
                folder.add(finished);
                done[0] += group.size();
                progress.progress(done[0], targets.size());
                growth.grown(folder.rows());
            }
        });
    }

    /** Makes a batch and writes its PNG files; returns rows and curves. */
    private Map<Visualized, float[]> visualize(List<Target> group, int batch) throws IOException {
        List<Target> padded = new ArrayList<>(group);
        padded.addAll(Collections.nCopies(batch - group.size(), group.get(group.size() - 1)));
        Ascent ascent = new Ascent(parameterization, settings, padded);
        AscentState start = ascent.start();
        AscentState state = start;
        Path file = folder.state(group);
        Optional<AscentState> stored = StateFile.read(file, padded.size(), parameterization.shape(padded.size()));
        if (stored.isPresent()) {
            state = stored.get();
        }
        while (state.steps() < settings.steps()) {
            state = ascent.advance(state, STEPS_PER_CALL - state.steps() % STEPS_PER_CALL);
            if (state.steps() % STEPS_PER_STATE == 0 && state.steps() < settings.steps()) {
                StateFile.write(file, state);
            }
        }
        FloatTensor images = ascent.images(state);
        List<Quality> qualities = Quality.of(network, probe, images, padded, settings.seed());
        int[] faults = ascent.faults(state);
        Map<Visualized, float[]> rows = new LinkedHashMap<>();
        for (int i = 0; i < group.size(); i++) {
            Quality quality = qualities.get(i);
            Outcome outcome = outcome(group.get(i), i, start, state, faults[i], quality);
            if (change != null && outcome.state() != Visualized.State.FAILED) {
                outcome = outcome.with(change.note(EightBitImage.of(images, i)));
            }
            Visualized row = row(group.get(i), state.objectives()[0][i], quality, outcome);
            if (outcome.state() != Visualized.State.FAILED) {
                byte[] png = EightBitImage.of(images, i).png();
                SafeFiles.write(folder.path().resolve(row.file()), out -> out.write(png));
            }
            float[] curve = new float[settings.steps() + 1];
            for (int step = 0; step < settings.steps(); step++) {
                curve[step] = state.objectives()[step][i];
            }
            curve[settings.steps()] = row.end() == null ? Float.NaN : (float) (double) row.end();
            rows.put(row, curve);
        }
        return rows;
    }

    private record Outcome(Visualized.State state, String note) {
        Outcome with(String more) {
            return new Outcome(state, note.isEmpty() || more.isEmpty() ? note + more : note + "; " + more);
        }
    }

    private Outcome outcome(
            Target target, int place, AscentState start, AscentState state, int fault, Quality quality) {
        if (fault >= 0) {
            return new Outcome(
                    Visualized.State.FAILED,
                    "the objective is " + state.objectives()[fault][place] + " at step " + fault);
        } else if (quality.end() == null) {
            return new Outcome(Visualized.State.FAILED, "the gradient is not a number, and so is the image");
        }
        int leaks = state.leaks()[place];
        boolean still = Arrays.equals(
                start.parameter().values(),
                place * parameterization.numbers(),
                (place + 1) * parameterization.numbers(),
                state.parameter().values(),
                place * parameterization.numbers(),
                (place + 1) * parameterization.numbers());
        if (still) {
            return new Outcome(Visualized.State.DEAD, "no gradient reaches the image, so that it stayed as it began");
        } else if (leaks == 0) {
            return new Outcome(Visualized.State.MOVED, "");
        } else if (target.negative()) {
            return new Outcome(
                    Visualized.State.MOVED,
                    "flat in " + leaks + " of " + settings.steps()
                            + " steps, which took the gradient through leaky rectifiers");
        } else if (quality.end() <= Math.min(0, state.objectives()[0][place])) {
            return new Outcome(
                    Visualized.State.DEAD,
                    "no response, though " + leaks + " of " + settings.steps()
                            + " steps took the gradient through leaky rectifiers");
        }
        return new Outcome(
                Visualized.State.WOKEN,
                leaks + " of " + settings.steps() + " steps took the gradient through leaky rectifiers");
    }

    private Visualized row(Target target, double first, Quality quality, Outcome outcome) {
        boolean isChannel =
                target.kind() == Visualized.Objective.CHANNEL || target.kind() == Visualized.Objective.NEURON;
        boolean failed = outcome.state() == Visualized.State.FAILED;
        return new Visualized(
                target.stem(),
                target.kind(),
                isChannel ? target.index() : null,
                target.name(),
                target.negative(),
                target.variant(),
                settings.seed(),
                settings.steps(),
                first,
                failed ? null : quality.end(),
                quality.probeBest(),
                failed ? null : quality.underMoves(),
                failed ? null : quality.firstUnderMoves(),
                failed ? null : quality.spectrumDistance(),
                outcome.state(),
                outcome.note());
    }
}
