using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Tests.Pictures.Generation;

public class PromptTextTests
{
    [Theory]
    [InlineData("a cat", PromptMarks.WebUi, "a cat", false)]
    [InlineData("a (red:1.2) cat, <lora:x:0.8>", PromptMarks.WebUi, "a red cat", true)]
    [InlineData("a <lora:x:0.8> cat", PromptMarks.WebUi, "a cat", false)]
    [InlineData("((a)) [b] c", PromptMarks.WebUi, "a b c", true)]
    [InlineData("((a)) [b] c", PromptMarks.RoundBrackets, "a [b] c", true)]
    [InlineData(@"a \(b\) c", PromptMarks.WebUi, "a (b) c", false)]
    [InlineData("time: 12:30", PromptMarks.WebUi, "time: 12:30", false)]
    [InlineData("a (red:1.2) <lora:x:1>", PromptMarks.None, "a (red:1.2) <lora:x:1>", false)]
    public void Marks_are_taken_out(string prompt, PromptMarks marks, string text, bool weighted)
    {
        Assert.Equal(text, PromptText.Plain(prompt, marks, out var hasWeights));
        Assert.Equal(weighted, hasWeights);
    }

    [Fact]
    public void Loras_are_named_with_their_weights() =>
        Assert.Equal(
            [new("a b", 0.8), new("c", null), new("d", -1), new("e", 1)],
            PromptText.LorasOf("<lora:a b:0.8> x <lora:c> <lyco:d:-1> <hypernet:h:1> <lora:e:1:0.5>")
        );
}
