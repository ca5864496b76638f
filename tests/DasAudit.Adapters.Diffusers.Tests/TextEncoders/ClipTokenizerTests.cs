using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.TextEncoders;

namespace DasAudit.Adapters.Diffusers.Tests.TextEncoders;

public class ClipTokenizerTests
{
    private const int End = 633;

    /// <summary>Of the branch that CLIP's own code takes, which transformers' fast tokenizer follows.</summary>
    [Fact]
    public void Ids_are_the_reference_librarys()
    {
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusion);
        var tokenizer = Read(NetworkGolden.StableDiffusion, "tokenizer");

        using var expected = golden["text/input_ids_ftfy_branch"];
        var prompts = Array.ConvertAll(golden.Prompts, tokenizer.Encode);

        Assert.Equal(4, prompts.Length);
        Assert.Equal(expected.data<long>().ToArray(), prompts.SelectMany(prompt => prompt.Tokens));
        Assert.All(prompts, prompt => Assert.Empty(prompt.Notes));
    }

    [Fact]
    public void Sdxls_second_tokenizer_pads_with_another_token()
    {
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        var tokenizer = Read(NetworkGolden.StableDiffusionXl, "tokenizer_2");

        using var expected = golden["text/input_ids_2"];

        Assert.Equal(
            expected.data<long>().ToArray(),
            golden.Prompts.SelectMany(prompt => tokenizer.Encode(prompt).Tokens)
        );
        Assert.Equal(0, expected.data<long>().Last());
    }

    [Theory]
    [InlineData(75, true)]
    [InlineData(76, false)]
    public void A_prompt_of_more_than_75_tokens_is_cut_behind_them_and_the_rest_is_named(int words, bool fits)
    {
        var tokenizer = Read(NetworkGolden.StableDiffusion, "tokenizer");
        var prompt = string.Join(' ', Enumerable.Repeat("cat", words - 1)) + " SHIP";

        var tokens = tokenizer.Encode(prompt);

        Assert.Equal(77, tokens.Tokens.Length);
        Assert.Equal(End, tokens.Tokens[^1]);
        Assert.Equal(fits ? tokenizer.Encode("ship").Tokens[1] : tokenizer.Encode("cat").Tokens[1], tokens.Tokens[75]);
        if (fits)
            Assert.Empty(tokens.Notes);
        else
            Assert.Equal(
                "The prompt has 76 tokens, of which the text encoder takes 75; 'ship' is cut off.",
                Assert.Single(tokens.Notes)
            );
    }

    [Theory]
    [InlineData("caf\u00e9", 0)]
    [InlineData("cafe\u0301", 1)]
    [InlineData("\u1112\u1161\u11ab", 1)]
    public void Characters_that_should_be_put_together_are_noted(string prompt, int notes) =>
        Assert.Equal(notes, Read(NetworkGolden.StableDiffusion, "tokenizer").Encode(prompt).Notes.Count);

    /// <summary>As the tokenizers library does it: these tokens are looked for before words are.</summary>
    [Fact]
    public void A_special_token_in_a_prompt_is_one_token()
    {
        var tokens = Read(NetworkGolden.StableDiffusion, "tokenizer").Encode("a<|endoftext|>cat").Tokens;

        Assert.Equal([632, 320, End, 531, End, End], tokens[..6]);
    }

    [Theory]
    [InlineData("vocab.json", """{"a": 0}""", "<|startoftext|>")]
    [InlineData("vocab.json", """{"a": "b"}""", "no whole number")]
    [InlineData("special_tokens_map.json", """{"pad_token": "[PAD]"}""", "[PAD]")]
    [InlineData("special_tokens_map.json", """{"pad_token": {"text": "a"}}""", "pad_token")]
    [InlineData("tokenizer_config.json", """{"model_max_length": 2}""", "model_max_length")]
    [InlineData("added_tokens.json", """{"<cat-toy>": 634}""", "<cat-toy>")]
    public void Folders_that_do_not_fit_are_refused(string file, string content, string named)
    {
        using var folder = Copy();
        folder.Write(file, content);

        var refusal = Assert.Throws<AuditException>(() => ClipVocabulary.Read(folder.Path));

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void A_missing_file_is_named(string file)
    {
        using var folder = Copy();
        File.Delete(folder[file]);

        var refusal = Assert.Throws<AuditException>(() => ClipVocabulary.Read(folder.Path));

        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_transformers_did_not_know_is_clips_and_known_tokens_may_be_repeated()
    {
        using var folder = Copy();
        folder.Write("tokenizer_config.json", """{"model_max_length": 1e30}""");
        folder.Write("added_tokens.json", """{"<|endoftext|>": 633}""");

        Assert.Equal(77, ClipVocabulary.Read(folder.Path).Length);
    }

    private static ClipTokenizer Read(string golden, string part) =>
        new(ClipVocabulary.Read(Path.Combine(GoldenFiles.PathOf(golden), part)));

    private static TempFolder Copy()
    {
        var folder = new TempFolder();
        folder.CopyOf(GoldenFiles.PathOf("sd-lora-tiny/tokenizer"));
        return folder;
    }
}
