package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.GridSize;
import org.netdissect.broden.TinyProbe;
import org.netdissect.torchscript.TinyArchive;

/** Layers whose outputs are not maps, in a hand-written network that runs in the engine. */
class OddOutputsTest {
    /** Modules without weights, called one after another, all of which run. */
    private static final String CODE = """
            class Net(Module):
              __parameters__ = []
              __buffers__ = []
              maps : __torch__.Maps
              tokens : __torch__.Tokens
              classed : __torch__.Classed
              pooled : __torch__.Pooled
              whole : __torch__.Whole
              video : __torch__.Video
              wrong : __torch__.Wrong
              pair : __torch__.Pair
              halves : __torch__.Halves
              seldom : __torch__.Maps
              def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                m = (self.maps).forward(x, )
                t = (self.tokens).forward(m, )
                c = (self.classed).forward(t, )
                p = (self.pooled).forward(m, )
                w = (self.whole).forward(m, )
                v = (self.video).forward(m, )
                q = (self.wrong).forward(m, )
                h = (self.halves).forward(m, )
                a, b, = (self.pair).forward(m, )
                if torch.gt(torch.dim(x), 9):
                  r = (self.seldom).forward(x, )
                else:
                  r = p
                return r
            class Maps(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Maps, x: Tensor) -> Tensor:
                return torch.avg_pool2d(x, [4, 4])
            class Tokens(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Tokens, x: Tensor) -> Tensor:
                return torch.transpose(torch.flatten(x, 2), 1, 2)
            class Classed(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Classed, x: Tensor) -> Tensor:
                return torch.cat([torch.mean(x, [1], True), x], 1)
            class Pooled(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Pooled, x: Tensor) -> Tensor:
                return torch.mean(x, [2, 3])
            class Whole(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Whole, x: Tensor) -> Tensor:
                return torch.mean(x)
            class Video(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Video, x: Tensor) -> Tensor:
                return torch.unsqueeze(x, 2)
            class Wrong(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Wrong, x: Tensor) -> Tensor:
                return torch.transpose(x, 0, 1)
            class Pair(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Pair, x: Tensor) -> Tuple[Tensor, Tensor]:
                return (x, x)
            class Halves(Module):
              __parameters__ = []
              __buffers__ = []
              def forward(self: __torch__.Halves, x: Tensor) -> Tensor:
                return torch.log(torch.mul(x, -1.))
            """;

    private static final GridSize IMAGE = new GridSize(16, 24);

    @TempDir
    static Path folder;

    private static Path model;
    private static Path probe;

    @BeforeAll
    static void make() throws IOException {
        model = new TinyArchive()
                .code(CODE)
                .runnable(
                        "maps", "Maps", "tokens", "Tokens", "classed", "Classed", "pooled", "Pooled", "whole", "Whole",
                        "video", "Video", "wrong", "Wrong", "pair", "Pair", "halves", "Halves", "seldom", "Maps")
                .writeTo(folder);
        TinyProbe tiny =
                TinyProbe.in(folder.resolve("probe")).category("object").label(1, "cat", "object", 1);
        for (int i = 0; i < 6; i++) {
            tiny.image("i" + i + ".png", "train", IMAGE, 0x102030 * (i + 1), new GridSize(4, 6))
                    .plane("object", "1 1 0 0 0 0", "1 1 0 0 0 0", "0 0 0 0 0 0", "0 0 0 0 0 0");
        }
        probe = tiny.write();
    }

    private static Cli dissect(String layer) {
        return dissect(model, layer);
    }

    private static Cli dissect(Path model, String layer) {
        return Cli.run(
                "dissect",
                "--model",
                model,
                "--probe",
                probe,
                "--layer",
                layer,
                "--preprocess",
                "imagenet",
                "--cache",
                folder.resolve("cache"),
                "--out",
                folder.resolve("out-" + (model.equals(OddOutputsTest.model) ? "" : model.getFileName()) + layer));
    }

    /** The pooled maps as tokens, with a class token, in five dimensions, or units first give the same tables. */
    @ParameterizedTest
    @CsvSource({"tokens", "classed", "video", "wrong"})
    void mapsInAnotherShapeAreTheSameMaps(String layer) throws IOException {
        assertEquals(0, dissect("maps").code());
        Cli tokens = dissect(layer);
        assertEquals(0, tokens.code(), tokens.toString());
        assertEquals(
                java.nio.file.Files.readString(folder.resolve("out-maps/maps/detectors.csv")),
                java.nio.file.Files.readString(
                        folder.resolve("out-" + layer).resolve(layer).resolve("detectors.csv")));
    }

    @Test
    void vectorsAreMapsOfOneCell() throws IOException {
        Cli run = dissect("pooled");
        assertEquals(0, run.code(), run.toString());
        assertTrue(java.nio.file.Files.readString(folder.resolve("out-pooled/run.json"))
                .contains("\"map\" : [ 1, 1 ]"));
    }

    @ParameterizedTest
    @CsvSource({
        "whole,has no row for each image",
        "pair,'Tuple[Tensor, Tensor]'",
        "seldom,was not reached",
    })
    void whatIsNoMapIsRefused(String layer, String reason) {
        Cli run = dissect(layer);
        assertEquals(2, run.code(), run.toString());
        assertTrue(run.errorLine().contains("layer " + layer), run.toString());
        assertTrue(run.errorLine().contains(reason), run.toString());
    }

    @Test
    void activationsThatAreNoNumbersNameImageLayerAndUnit() throws IOException {
        Cli run = dissect("halves");
        assertEquals(1, run.code(), run.toString());
        // the third image is the first whose blue, 0x90, is above ImageNet's mean, so that log(-x) is NaN
        String expected = "layer halves, unit 3: activation NaN at row 0, column 0 on image i2.png";
        assertTrue(run.errorLine().contains(expected), run.toString());

        for (String thresholds : List.of("", "given")) {
            List<Object> args = new ArrayList<>(List.of("dissect", "--no-cache", "--model", model, "--probe", probe));
            args.addAll(List.of("--layer", "halves", "--preprocess", "imagenet", "--out", folder.resolve("streamed")));
            if (!thresholds.isEmpty()) {
                Path file = java.nio.file.Files.writeString(
                        folder.resolve("halves.csv"), "unit,threshold\n1,0\n2,0\n3,0\n");
                args.addAll(List.of("--thresholds", file));
            }
            Cli streamed = Cli.run(args.toArray());
            assertEquals(1, streamed.code(), streamed.toString());
            assertTrue(streamed.errorLine().contains(expected), streamed.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
    void weightsThatAreNoNumbersNameImageLayerAndUnit(float weight, String shown) throws IOException {
        Path damaged = new TinyArchive()
                .code("""
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          scaled : __torch__.Scaled
                          def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                            return (self.scaled).forward(x, )
                        class Scaled(Module):
                          __parameters__ = ["w", ]
                          __buffers__ = []
                          w : Tensor
                          def forward(self: __torch__.Scaled, x: Tensor) -> Tensor:
                            w = self.w
                            return torch.add(torch.avg_pool2d(x, [4, 4]), w)
                        """)
                .weighted("scaled", "Scaled", 1, weight, 1)
                .writeTo(folder);
        Cli run = dissect(damaged, "scaled");
        assertEquals(1, run.code(), run.toString());
        String expected = "layer scaled, unit 2: activation " + shown + " at row 0, column 0 on image i0.png";
        assertTrue(run.errorLine().contains(expected), run.toString());
        Path sound = new TinyArchive()
                .code(TinyArchive.text(damaged, "net/code/__torch__.py"))
                .weighted("scaled", "Scaled", 1, 0, 1)
                .writeTo(folder);
        assertEquals(0, dissect(sound, "scaled").code(), "the weight alone makes the difference");
    }

    @Test
    void namesOfLayersCannotMakeLinesOfTheirOwn() throws IOException {
        String name = "a\nnetdissect: all is well\u001b[2J";
        Path odd = new TinyArchive()
                .code("""
                        class Net(Module):
                          __parameters__ = []
                          __buffers__ = []
                          __annotations__["NAME"] = __torch__.Scaled
                          def forward(self: __torch__.Net, x: Tensor) -> Tensor:
                            return (getattr(self, "NAME")).forward(x, )
                        class Scaled(Module):
                          __parameters__ = ["w", ]
                          __buffers__ = []
                          w : Tensor
                          def forward(self: __torch__.Scaled, x: Tensor) -> Tensor:
                            return torch.add(torch.avg_pool2d(x, [4, 4]), self.w)
                        """.replace("NAME", "a\\nnetdissect: all is well\\033[2J"))
                .weighted(name, "Scaled", 1, 0, 1)
                .writeTo(folder);
        Cli listed = Cli.run("layers", odd, "--input-size", "16,24");
        assertEquals(0, listed.code(), listed.toString());
        assertTrue(listed.out().contains("a?netdissect: all is well?[2J"), listed.toString());
        Cli run = Cli.run(
                "dissect",
                "--model",
                odd,
                "--probe",
                probe,
                "--layer",
                name,
                "--preprocess",
                "imagenet",
                "--cache",
                folder.resolve("cache"),
                "--out",
                folder.resolve("out-odd"));
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("Best units of a?netdissect: all is well?[2J\n"), run.toString());
        for (Cli each : java.util.List.of(listed, run)) {
            assertTrue((each.out() + each.err()).lines().noneMatch(line -> line.startsWith("netdissect: all")));
        }
        assertTrue(java.nio.file.Files.exists(
                folder.resolve("out-odd/a%0Anetdissect%3A%20all%20is%20well%1B%5B2J/detectors.csv")));
    }

    @Test
    void theListingSaysWhichCanBeDissected() {
        Cli run = Cli.run("layers", model, "--input-size", "16,24");
        assertEquals(0, run.code(), run.toString());
        for (String row : new String[] {
            "maps +Maps +3 x 4x6 +4 +4 +1.5 +yes",
            "tokens +Tokens +3 x 4x6 +4 +4 +1.5 +yes",
            "pooled +Pooled +3 +yes",
            "video +Video +3 x 4x6 .*yes",
            "pair +Pair +no: returns Tuple.*",
            "seldom +Maps +no: not reached by the forward pass",
        }) {
            assertTrue(run.out().lines().anyMatch(line -> line.matches(row)), "no line '" + row + "' in\n" + run);
        }
    }
}
