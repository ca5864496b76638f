using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Tests.Diffusion;

public class PictureParametersTests
{
    [Theory]
    [InlineData("a cat")]
    [InlineData("a (red:1.2) [cat], ((twice)) at 12:30")]
    [InlineData(@"a \(cat\)")]
    public void A_prompt_is_read_back_as_the_model_was_given_it(string prompt)
    {
        using var model = new TinyTextModel();
        var condition = GuidedCondition.Of(model, new(null, prompt), new() { NegativePrompt = "(dog)" });

        var written = PictureParameters.Of(model, condition, new() { Steps = 7 }, 5, new string('a', 64));

        var facts = InfoText.Read(written, "PNG")!;
        Assert.Equal(prompt, PromptText.Plain(facts.Prompt!, facts.Marks, out var hasWeights));
        Assert.False(hasWeights);
        Assert.Equal("(dog)", PromptText.Plain(facts.NegativePrompt!, facts.Marks, out _));
        Assert.Equal((5m, 7, "aaaaaaaaaa"), (facts.Seed, facts.Steps, facts.ModelHash));
    }
}
