using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.Tests.TextEncoders;

/// <summary>CLIP's own vocabulary, against ids that are known of it.</summary>
public class BuiltInVocabularyTests
{
    private static readonly ClipVocabulary Vocabulary = ClipVocabulary.BuiltIn(ClipVocabulary.EndToken);

    [Fact]
    public void It_has_as_many_tokens_as_published_and_the_special_ones_are_the_last()
    {
        Assert.Equal(BuiltInVocabulary.Count, Vocabulary.Ids.Count);
        Assert.Equal(48894, Vocabulary.Merges.Count);
        Assert.Equal((49406, 49407, 49407), (Vocabulary.StartId, Vocabulary.EndId, Vocabulary.PaddingId));
        Assert.Equal(0, ClipVocabulary.BuiltIn("!").PaddingId);
        Assert.Equal(Enumerable.Range(0, 49408), Vocabulary.Ids.Values.Order());
    }

    [Theory]
    [InlineData("a photo of a cat", new long[] { 320, 1125, 539, 320, 2368 })]
    [InlineData("a photo of a dog", new long[] { 320, 1125, 539, 320, 1929 })]
    [InlineData("Hello, world!", new long[] { 3306, 267, 1002, 256 })]
    [InlineData("a diagram", new long[] { 320, 22697 })]
    public void Ids_are_those_of_the_published_tokenizer(string prompt, long[] ids)
    {
        var tokens = new ClipTokenizer(Vocabulary).Encode(prompt).Tokens;

        Assert.Equal([49406, .. ids, .. Enumerable.Repeat(49407L, 77 - 1 - ids.Length)], tokens);
    }
}
