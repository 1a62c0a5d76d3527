package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds images, units, rows and columns among the axes of a layer's output. */
final class MapReader implements Axis.Visitor {
    private final Layout layout;
    /** axes of all dimensions, in order, each with its letter in {@link #letters} */
    private final List<Axis> axes = new ArrayList<>();

    private final StringBuilder letters = new StringBuilder();
    private Axis.@Nullable Tokens tokens;
    private Axis.@Nullable Places rows;
    private Axis.@Nullable Places columns;
    /** whether channels were moved into rows or columns, so that cells are of finer maps */
    private boolean finer;

    private MapReader(Layout layout) {
        this.layout = layout;
    }

    /** Thrown if the output has no maps. */
    private static final class NoMaps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Reading reading;

        NoMaps(Reading reading) {
            super("", null, false, false);
            this.reading = reading;
        }

        static NoMaps refused(String why) {
            return new NoMaps(new Reading.Refused(why));
        }

        static NoMaps unknown(String why) {
            return new NoMaps(new Reading.Unknown(why));
        }
    }

    static Reading read(Layout layout) {
        MapReader reader = new MapReader(layout);
        try {
            return new Reading.Maps(reader.maps());
        } catch (NoMaps e) {
            return e.reading;
        }
    }

    /** Receptive fields of the units; empty without maps or with unknown fields. */
    static Optional<ReceptiveField> field(Layout layout) {
        MapReader reader = new MapReader(layout);
        try {
            reader.maps();
        } catch (NoMaps e) {
            return Optional.empty();
        }
        Axis.Places down = reader.rows;
        Axis.Places right = reader.columns;
        if (down == null || right == null || reader.finer) {
            return Optional.empty();
        }
        return down.field()
                .flatMap(first -> right.field().map(second -> new ReceptiveField(first, second, layout.wholeImage())));
    }

    private MapReading maps() {
        List<Long> shape = new ArrayList<>();
        int images = -1;
        int plain = 0;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < layout.rank(); i++) {
            Dim dim = layout.dim(i);
            int before = letters.length();
            boolean hasImages = dim.axes().stream().anyMatch(Axis.Images.class::isInstance);
            if (hasImages && images >= 0) {
                throw NoMaps.unknown("images run along two of its dimensions");
            }
            images = hasImages ? i : images;
            shape.add(lengthOfOne(dim));
            add(dim);
            String dimLetters = letters.substring(before);
            plain += dim.isConstant() && dim.extent() != 1 ? 1 : 0;
            text.append(
                    dimLetters.isEmpty()
                            ? "u"
                            : dimLetters.equals("yx")
                                    ? "t"
                                    : dimLetters.length() == 1 ? dimLetters : "(" + dimLetters + ")");
        }
        if (images < 0) {
            throw NoMaps.unknown("its output has no row for each image");
        } else if (!layout.dependsOnImage()) {
            throw NoMaps.refused("it does not depend on the image");
        } else if (rows == null && columns == null && tokens == null && plain > 1) {
            throw NoMaps.unknown("none of its " + plain + " dimensions runs along places of the image");
        }
        return ordered(shape, images, text.toString());
    }

    /** The length of a dimension for one image. */
    private static long lengthOfOne(Dim dim) {
        long length = 1;
        for (Axis axis : dim.axes()) {
            if (axis.extent() == Dim.UNKNOWN) {
                throw NoMaps.unknown("its shape, which only the run decides");
            }
            length *= axis instanceof Axis.Images ? 1 : axis.extent();
        }
        return length;
    }

    private void add(Dim dim) {
        List<Axis> dimAxes = dim.axes();
        boolean channelsMoved =
                dimAxes.size() == 2 && dimAxes.get(0) instanceof Axis.Places && dimAxes.get(1) instanceof Axis.Plain;
        if (channelsMoved) {
            places((Axis.Places) dimAxes.get(0));
            axes.add(new Axis.Plain(dim.extent()));
            finer = true;
            return;
        }
        for (Axis axis : dimAxes) {
            axis.accept(this);
            axes.add(axis);
        }
    }

    @Override
    public void images(Axis.Images axis) {
        letters.append('n');
    }

    @Override
    public void plain(Axis.Plain axis) {
        letters.append('u');
    }

    @Override
    public void mixed(Axis.Mixed axis) {
        throw NoMaps.unknown("places of the image in an order that its code does not tell");
    }

    @Override
    public void places(Axis.Places places) {
        boolean down = places.side() == Axis.Side.ROWS;
        if ((down ? rows : columns) != null) {
            boolean parts = !places.isWhole();
            throw NoMaps.refused(
                    parts
                            ? "its tokens stand in the order of windows, not of the image's rows and columns"
                            : "it weighs places against places, as attention does, and is no map");
        } else if (places.rolled() != 0) {
            throw NoMaps.refused("its places are rolled by " + places.rolled() + " cells");
        } else if (!places.isWhole()) {
            throw NoMaps.refused("its tokens stand in the order of windows, not of the image's rows and columns");
        }
        letters.append(letter(places));
        rows = down ? places : rows;
        columns = down ? columns : places;
    }

    @Override
    public void tokens(Axis.Tokens some) {
        if (tokens != null || rows != null || columns != null) {
            throw NoMaps.refused("it weighs places against places, as attention does, and is no map");
        } else if (!some.holdsAllPlaces()) {
            throw NoMaps.refused("it holds only a part of the tokens, or not in their order");
        }
        for (Axis axis : some.places()) {
            if (!(axis instanceof Axis.Places places) || !places.isWhole()) {
                throw NoMaps.refused("its tokens stand in the order of windows, not of the image's rows and columns");
            }
            rows = places.side() == Axis.Side.ROWS ? places : rows;
            columns = places.side() == Axis.Side.COLUMNS ? places : columns;
        }
        letters.append('t');
        tokens = some;
    }

    private MapReading ordered(List<Long> shape, int images, String text) {
        List<MapReading.Axis> lettered = new ArrayList<>();
        Optional<MapReading.Tokens> left = Optional.empty();
        for (int i = 0; i < axes.size(); i++) {
            lettered.add(new MapReading.Axis(letters.charAt(i), axes.get(i).extent()));
            if (axes.get(i) instanceof Axis.Tokens some) {
                List<MapReading.Axis> grid = some.places().stream()
                        .map(place -> new MapReading.Axis(letter((Axis.Places) place), place.extent()))
                        .toList();
                left = Optional.of(new MapReading.Tokens(kept(some), grid));
            }
        }
        MapReading reading = MapReading.of(shape, images, lettered, left, text);
        String grid = text.contains("t") ? ",grid=" + reading.map() : "";
        return MapReading.of(shape, images, lettered, left, text + dropped() + grid);
    }

    private static char letter(Axis.Places places) {
        return places.side() == Axis.Side.ROWS ? 'y' : 'x';
    }

    private static List<MapReading.Range> kept(Axis.Tokens tokens) {
        List<MapReading.Range> kept = new ArrayList<>();
        long at = 0;
        for (Axis.Run run : tokens.runs()) {
            if (!run.isExtra()) {
                kept.add(new MapReading.Range(at, at + run.count()));
            }
            at += run.count();
        }
        return kept;
    }

    /** The extra tokens, as {@code ,drop=0+5..8}; empty without them. */
    private String dropped() {
        if (tokens == null) {
            return "";
        }
        StringBuilder dropped = new StringBuilder();
        long at = 0;
        for (Axis.Run run : tokens.runs()) {
            if (run.isExtra()) {
                dropped.append(dropped.isEmpty() ? ",drop=" : "+").append(at);
                dropped.append(run.count() > 1 ? ".." + (at + run.count() - 1) : "");
            }
            at += run.count();
        }
        return dropped.toString();
    }
}
