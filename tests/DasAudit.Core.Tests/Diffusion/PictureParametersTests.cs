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

        var written = PictureParameters.Of(model, condition, new() { Steps = 7 }, 5, new(new string('a', 64), []));

        var facts = InfoText.Read(written, "PNG")!;
        Assert.Equal(prompt, PromptText.Plain(facts.Prompt!, facts.Marks, out var hasWeights));
        Assert.False(hasWeights);
        Assert.Equal("(dog)", PromptText.Plain(facts.NegativePrompt!, facts.Marks, out _));
        Assert.Equal((5m, 7, "aaaaaaaaaa"), (facts.Seed, facts.Steps, facts.ModelHash));
        Assert.Empty(facts.Loras);
    }

    [Fact]
    public void Loras_are_read_back_and_the_prompt_stays_as_it_was()
    {
        using var model = new TinyTextModel();
        var condition = GuidedCondition.Of(model, new(null, "a cat"), new());
        MentionedLora[] loras =
        [
            new("style", 0.8) { Hash = "0123456789ab" },
            new("""Ölfarben: "v1", rank-8\x""", -1.25) { Hash = "ba9876543210" },
            new("3d", 1) { Hash = "ffffffffffff" },
        ];
        var applied = loras.Select(lora => lora with { Hash = lora.Hash + new string('c', 52) }).ToList();

        var written = PictureParameters.Of(model, condition, new(), 5, new(new string('a', 64), applied));

        var facts = InfoText.Read(written, "PNG")!;
        Assert.Equal(loras, facts.Loras);
        Assert.Equal(("a cat", 5m, "aaaaaaaaaa"), (facts.Prompt, facts.Seed, facts.ModelHash));
    }

    [Fact]
    public void Loras_that_a_prompt_names_hold_before_hashes()
    {
        const string Web =
            "a cat <lora:style:0.8>\nSteps: 20, Seed: 5, Size: 8x8, Lora hashes: \"style: 0123456789ab\"";
        Assert.Equal([new("style", 0.8)], InfoText.Read(Web, "PNG")!.Loras);
        Assert.Equal(
            [new("style", null) { Hash = "0123456789ab" }],
            InfoText.Read(Web.Replace(" <lora:style:0.8>", "", StringComparison.Ordinal), "PNG")!.Loras
        );
    }
}
