package org.netdissect.visualize;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.ImageSpace;

/** Images computed from a basis, in the network's own archive: all steps of a call run in the engine. */
record BasisParameterization(LayerNetwork network, ImageSpace space) implements Parameterization {
    @Override
    public GridSize size() {
        return space.size();
    }

    @Override
    public long[] shape(int images) {
        return space.shape(images);
    }

    @Override
    public void start(Random random, float[] parameter, int at) {
        space.start(random, parameter, at);
    }

    @Override
    public AscentState ascend(
            AscentState state, List<Target> group, FloatTensor moves, Map<String, FloatTensor> options) {
        return network.ascend(state, space, group, moves, options);
    }

    @Override
    public FloatTensor images(FloatTensor parameters) {
        return network.images(space, parameters);
    }
}
