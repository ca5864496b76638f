using DasAudit.Core.Pictures.Generation;

namespace DasAudit.Core.Tests.Pictures.Generation;

public class GenerationTextTests
{
    [Theory]
    [InlineData("""{"prompt": "half a letter \ud83d", "seed": 5}""")]
    [InlineData("""{"prompt": """)]
    public void Broken_JSON_is_a_sentence_and_no_facts(string text)
    {
        Assert.Null(GenerationText.Read(new(EmbeddedText.Png, "sd-metadata", text), out var problem));
        Assert.EndsWith("is broken JSON, which was passed over.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_line_is_no_list_of_parameters()
    {
        var text = "a cat\nSteps: 20, Sampler: Euler, Seed: 5, Notes: " + new string('x', 1 << 20);
        Assert.Null(GenerationText.Read(new(EmbeddedText.Png, "parameters", text), out var problem));
        Assert.Null(problem);
    }
}
