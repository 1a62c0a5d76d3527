package org.netdissect.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;

/** Edits of layers: sources as PyTorch writes them, and the methods that are added. TapTest has taps alone. */
class EditTest {
    private static final String CODE = """
            class Leaf(Module):
              def forward(self: __torch__.Leaf,
                x: Tensor) -> Tensor:
                return torch.relu_(x)
            class Net(Module):
              a : __torch__.Leaf
              b : __torch__.Leaf
              def forward(self: __torch__.Net,
                x: Tensor) -> Tensor:
                y = (self.a).forward(x, )
                return torch.neg((self.b).forward(y, ))
            """;

    @TempDir
    Path folder;

    /** Source after rewriting without its first lines, which must equal the original source. */
    private String added(String code, Edit... edits) throws IOException {
        Path file = Files.createTempFile(folder, "edited", ".pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            TinyArchive.open(folder, code).rewrite(List.of(edits), "cpu", out);
        }
        String text = TinyArchive.text(file, "net/code/__torch__.py");
        SourceFile.parse(new SourceText("edited", text));
        int leaf = text.indexOf("class Net");
        int before = code.indexOf("class Net");
        assertTrue(text.startsWith(code.substring(0, before)), text);
        assertTrue(text.startsWith(code.substring(before), leaf), text);
        return text.substring(before, leaf) + text.substring(leaf + code.length() - before);
    }

    @Test
    void aScaledLayer() throws IOException {
        assertEquals("""
                  def edited_1_forward(self: __torch__.Leaf,
                    tensors: Dict[str, Tensor],
                    x: Tensor) -> Tensor:
                    output = torch.relu_(x)
                    output = torch.mul(output, torch.type_as(tensors["mask"], output))
                    return output
                  def edited_0_forward(self: __torch__.Net,
                    tensors: Dict[str, Tensor],
                    x: Tensor) -> Tensor:
                    y = self.a.edited_1_forward(tensors, x)
                    return torch.neg(self.b.forward(y))
                  def forward_edited(self: __torch__.Net,
                    x: Tensor,
                    mask: Tensor) -> Tensor:
                    tensors = annotate(Dict[str, Tensor], {"mask": mask})
                    return self.edited_0_forward(tensors, x)
                """, added(CODE, new Edit.Scale("a", "mask")));
    }

    @Test
    void aTapBehindAReplacedLayer() throws IOException {
        String added = added(CODE, new Edit.Replace("a", "value"), new Edit.Tap("b"));
        assertTrue(added.contains("""
                  def tapped_0_forward(self: __torch__.Net,
                    taps: Dict[str, Tensor],
                    tensors: Dict[str, Tensor],
                    x: Tensor) -> NoneType:
                    y = self.a.tapped_1_forward(taps, tensors, x)
                    self.b.tapped_2_forward(taps, tensors, y)
                    return None
                """.indent(0)), added);
        assertTrue(added.contains("""
                    output = torch.relu_(x)
                    output = torch.clone(torch.type_as(tensors["value"], output))
                    return output
                """), added);
        assertTrue(added.contains("""
                  def forward_tapped(self: __torch__.Net,
                    x: Tensor,
                    value: Tensor) -> Dict[str, Tensor]:
                    taps = annotate(Dict[str, Tensor], {})
                    tensors = annotate(Dict[str, Tensor], {"value": value})
                    output = self.tapped_0_forward(taps, tensors, x)
                """), added);
        assertTrue(added.contains("def forward_tapped_channels_last("), added);
        assertTrue(added.contains("    return self.edited_0_forward(tensors, x)\n"), added);
    }

    @Test
    void editsOfOneLayerKeepTheirOrder() throws IOException {
        String added = added(CODE, new Edit.Tap("a"), new Edit.Scale("a", "m"), new Edit.Scale("a", "n"));
        String tapped = added.substring(added.indexOf("def tapped_1_forward"), added.indexOf("def edited_1_forward"));
        int tap = tapped.indexOf("taps[\"a\"] = torch.clone(output");
        int first = tapped.indexOf("tensors[\"m\"]");
        assertTrue(0 < tap && tap < first && first < tapped.indexOf("tensors[\"n\"]"), added);
        String edited = added.substring(added.indexOf("def edited_1_forward"));
        assertFalse(edited.substring(0, edited.indexOf("return")).contains("taps"), added);
    }

    @Test
    void argumentsAreSharedAndGoBeforeDefaults() throws IOException {
        String code = CODE.replace("Net,\n    x: Tensor)", "Net,\n    x: Tensor,\n    mask: int=3)");
        String added = added(code, new Edit.Scale("a", "mask"), new Edit.Scale("b", "mask"));
        assertTrue(added.contains("    x: Tensor,\n    mask_: Tensor,\n    mask: int=3) -> Tensor:\n"), added);
        assertTrue(added.contains("{\"mask\": mask_}"), added);
        assertTrue(added.contains("    return self.edited_0_forward(tensors, x, mask)\n"), added);
    }

    @Test
    void unknownLayersAndPatternsAreRefused() throws IOException {
        for (String layer : List.of("c", "*")) {
            assertThrows(InputException.class, () -> added(CODE, new Edit.Scale(layer, "mask")), layer);
        }
        InputException e = assertThrows(InputException.class, () -> added(CODE + """
                  def forward_edited(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    return x
                """, new Edit.Scale("a", "mask")));
        assertTrue(String.valueOf(e.getMessage()).contains("has a method forward_edited already"), e.getMessage());
    }

    @Test
    void argumentsMustBeIdentifiers() {
        for (String argument : List.of("", "a.b", "1st", "two words", "x: int", "größe", "lambda", "None")) {
            for (Executable edit :
                    List.<Executable>of(() -> new Edit.Scale("a", argument), () -> new Edit.Replace("a", argument))) {
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class, edit, argument);
                assertEquals(
                        "an edit's argument must be a Python identifier, but is '" + argument + "'", e.getMessage());
            }
        }
        assertEquals("_mask2", new Edit.Scale("a", "_mask2").argument());
    }
}
