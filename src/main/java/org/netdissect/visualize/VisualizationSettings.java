package org.netdissect.visualize;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.base.GridSize;
import org.netdissect.network.ComputeDevice;
import org.netdissect.result.Visualized;
import org.netdissect.run.InputSettings;
import org.netdissect.visualize.space.ImageBasis;
import org.netdissect.visualize.space.Transforms;

/** All settings of a visualisation. Values that are not given are null. */
public record VisualizationSettings(
        Source source, Goal goal, Picture picture, InputSettings input, Engine engine, Output output) {

    /**
     * The network and the images to compare with.
     *
     * @param network file of the network, or null for the run's
     * @param layers names or patterns; none for the run's, or those beside the model
     * @param run folder of a dissection of the network
     * @param probe folder of a probe set, or null for the run's
     * @param probeImages greatest number of its images to compare with
     */
    public record Source(
            @Nullable NetworkChoice network,
            List<String> layers,
            @Nullable Path run,
            @Nullable Path probe,
            int probeImages) {
        /** Copies the list. */
        public Source {
            layers = List.copyOf(layers);
        }
    }

    /**
     * The objectives of the images.
     *
     * @param objective a number of the layer, or of a class
     * @param units of each layer; null for a run's detectors, or all
     * @param classes numbers or names; {@code all} for all
     * @param directions file of vectors over the units
     * @param randomDirections number of random directions; 0 for none
     * @param row of a neuron in its map; -1 for the middle
     * @param column of a neuron in its map; -1 for the middle
     * @param diverse images of one unit
     * @param diversity weight by which they are kept apart
     */
    public record Goal(
            Visualized.Objective objective,
            Tails tails,
            @Nullable UnitChoice units,
            List<String> classes,
            @Nullable Path directions,
            int randomDirections,
            int row,
            int column,
            int diverse,
            double diversity) {
        /** Copies the list. */
        public Goal {
            classes = List.copyOf(classes);
        }

        /** Whether the objective is of the network's output, not of a layer. */
        boolean isOfClass() {
            return objective == Visualized.Objective.LOGIT || objective == Visualized.Objective.PROBABILITY;
        }
    }

    /**
     * Settings of the ascent of an image.
     *
     * @param size height and width in pixels
     * @param steps of Adam
     * @param rate Adam's learning rate
     * @param decay exponent by which the amplitudes of the Fourier basis fall with frequency
     * @param transforms moves before each step, as {@link Transforms#parse} reads them
     * @param variation weight of the total variation
     * @param from image to start at
     * @param within greatest difference from that image in each pixel, from 0 to 1
     * @param prior generator whose input is optimised, or null
     */
    public record Picture(
            ImageBasis basis,
            @Nullable GridSize size,
            int steps,
            double rate,
            double decay,
            String transforms,
            double variation,
            @Nullable Path from,
            @Nullable Double within,
            @Nullable Prior prior) {}

    /**
     * A generator whose output is the image.
     *
     * @param generator its archive
     * @param latents numbers of its input; 0 if the archive is to show them
     * @param distribution of these numbers in its training
     */
    public record Prior(Path generator, int latents, LatentDistribution distribution) {}

    /**
     * Settings of the engine.
     *
     * @param batch images in one call, or 0 for the device's usual number
     * @param threads calls side by side
     * @param seed of all random numbers
     */
    public record Engine(int batch, ComputeDevice device, int threads, long seed) {}

    /** Where results go, and whether other results there are replaced. */
    public record Output(Path folder, boolean overwrite) {}
}
