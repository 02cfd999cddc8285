package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is shown of a text: whatever does not show by itself, by its number. */
class PlainTextTest {
  @Test
  void whatIsVisibleStaysAsItIs() {
    for (String text : new String[] {"", "lstm_1", "größe", "слой", "層", "😀", "a b", "C:\\x", "e\u0301", "\ufffd"}) {
      assertSame(text, PlainText.shown(text));
    }
  }

  @Test
  void controlCharactersAreShownByTheirNumbers() {
    assertEquals("x\\u000d\\u000a0,0.0", PlainText.shown("x\r\n0,0.0"));
    assertEquals("\\u001b[2J\\u0007\\u0000\\u007f\\u009b", PlainText.shown("\u001b[2J\u0007\u0000\u007f\u009b"));
    assertEquals("a\\u0009b\\u0085\\u2028\\u2029", PlainText.shown("a\tb\u0085\u2028\u2029"));
  }

  @Test
  void invisibleCharactersAndChangesOfDirectionAreShown() {
    assertEquals("loss\\u202egnp.\\u2066\\u200f\\u061c", PlainText.shown("loss\u202egnp.\u2066\u200f\u061c"));
    assertEquals("lo\\u200bss\\ufeff\\u00ad", PlainText.shown("lo\u200bss\ufeff\u00ad"));
    assertEquals("\\udb40\\udc41", PlainText.shown("\udb40\udc41"));
  }

  @Test
  void halvesOfSurrogatesAreShown() {
    assertEquals("\\ud83d", PlainText.shown("\ud83d"));
    assertEquals("\\ude00\\ud83dx😀", PlainText.shown("\ude00\ud83dx😀"));
  }

  @Test
  void whatIsShownHoldsNothingThatIsHidden() {
    StringBuilder all = new StringBuilder();
    for (int unit = 0; unit <= Character.MAX_VALUE; unit++) {
      all.append((char) unit).append(' ');
    }
    String shown = PlainText.shown(all.toString());
    assertSame(shown, PlainText.shown(shown));
    assertTrue(shown.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c)));
    assertEquals(1, shown.lines().count());
  }

  @Test
  void whatAnExceptionQuotesIsShown() {
    assertEquals("layer a\\u000a\\u001b[31m", new ShapeException("layer a\n\u001b[31m").getMessage());
    assertEquals("layer \\u202e", new RillException("layer \u202e", new ShapeException("a")).getMessage());
    assertNull(new RillException(null).getMessage());
  }
}
