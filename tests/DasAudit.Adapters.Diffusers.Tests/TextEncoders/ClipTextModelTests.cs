using DasAudit.Adapters.Diffusers.Checkpoints;
using DasAudit.Adapters.Diffusers.TextEncoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.TextEncoders;

public class ClipTextModelTests
{
    [Theory]
    [InlineData(NetworkGolden.StableDiffusion, "text_encoder", "")]
    [InlineData(NetworkGolden.SingleFile, "text_encoder", "")]
    [InlineData(NetworkGolden.StableDiffusionXl, "text_encoder", "")]
    [InlineData(NetworkGolden.StableDiffusionXl, "text_encoder_2", "_2")]
    public void The_last_hidden_state_is_the_reference_librarys(string name, string part, string suffix)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);

        using var encoding = golden.TextEncoder(part).call(golden[$"text/input_ids{suffix}"]);

        Assert.InRange(Golden.MaxAbs(encoding.LastHiddenState, golden[$"text/last_hidden_state{suffix}"]), 0, 2e-5);
    }

    [Fact]
    public void The_pooled_output_is_the_last_hidden_state_at_the_end_token()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusion);

        using var encoding = golden.TextEncoder().call(golden["text/input_ids"]);

        Assert.InRange(Golden.MaxAbs(encoding.Pooled, golden["text/pooler_output"]), 0, 2e-5);
    }

    [Fact]
    public void Sdxls_two_encoders_give_penultimate_states_without_a_norm_and_a_projected_pooled_output()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);

        using var first = golden.TextEncoder().call(golden["text/input_ids"]);
        using var second = golden.TextEncoder("text_encoder_2").call(golden["text/input_ids_2"]);

        var embeds = cat([first.Penultimate, second.Penultimate], -1);
        Assert.InRange(Golden.MaxAbs(embeds, golden["text/prompt_embeds"]), 0, 5e-5);
        Assert.InRange(Golden.MaxAbs(second.Pooled, golden["text/pooled_prompt_embeds"]), 0, 2e-5);
    }

    [Fact]
    public void Parameters_have_the_reference_librarys_names_and_order()
    {
        using var golden = new NetworkGolden(NetworkGolden.SingleFile);

        Assert.Equal(
            golden.Parameters("text_encoder").Select(item => item.GetProperty("name").GetString()),
            golden.TextEncoder().named_parameters().Select(entry => entry.name)
        );
    }

    /// <summary>Old configurations say 2, which is no end token; they mean the greatest id.</summary>
    [Fact]
    public void The_end_token_is_the_configured_one_or_with_the_legacy_id_the_greatest()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        // 63 is greater than the end token 62, as a token added by textual inversion is.
        var tokens = tensor(
            new long[,]
            {
                { 61, 7, 63, 9, 62, 62 },
                { 61, 62, 62, 62, 62, 62 },
            }
        );

        foreach (var (eos, ends) in new[] { (62, new[] { 4, 1 }), (2, [2, 1]) })
        {
            using var model = Tiny(eos);
            using var encoding = model.call(tokens);
            for (var row = 0; row < 2; row++)
                Assert.Equal(0, Golden.MaxAbs(encoding.Pooled[row], encoding.LastHiddenState[row, ends[row]]));
        }
    }

    [Fact]
    public void No_token_sees_a_later_one()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = Tiny(62);

        using var before = model.call(
            tensor(
                new long[,]
                {
                    { 61, 7, 8, 62 },
                }
            )
        );
        using var after = model.call(
            tensor(
                new long[,]
                {
                    { 61, 7, 9, 62 },
                }
            )
        );

        var difference = (before.LastHiddenState - after.LastHiddenState).abs().amax([0L, 2L]);
        Assert.Equal([0f, 0f], difference.data<float>().Take(2));
        Assert.All(difference.data<float>().Skip(2), value => Assert.True(value > 1e-3));
    }

    [Fact]
    public void Encoding_leaves_no_tensor_behind_but_its_outputs()
    {
        using var noGrad = no_grad();
        using var model = Tiny(62);
        using var tokens = tensor(
            new long[,]
            {
                { 61, 7, 8, 62 },
            }
        );
        model.call(tokens).Dispose();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        model.call(tokens).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("""{"architectures": ["CLIPModel"]}""", "CLIPModel")]
    [InlineData("""{"model_type": "clip_text_model"}""", "architectures")]
    [InlineData("""{"architectures": ["CLIPTextModel"], "model_type": "bert"}""", "model_type")]
    [InlineData("""{"architectures": ["CLIPTextModel"], "hidden_act": "relu"}""", "hidden_act")]
    [InlineData("""{"architectures": ["CLIPTextModel"], "num_attention_heads": 7}""", "num_attention_heads")]
    [InlineData("""{"architectures": ["CLIPTextModel"], "rotary": true}""", "rotary")]
    public void Other_encoders_are_refused_by_name(string json, string named)
    {
        var refusal = Assert.Throws<DasAudit.Abstractions.AuditException>(() =>
            ClipTextConfig.Read(JsonConfig.Parse("text_encoder/config.json", json), className: null)
        );

        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The published code loads the class that the pipeline names, whatever was saved.</summary>
    [Fact]
    public void The_pipeline_says_whether_an_encoder_projects()
    {
        var json = JsonConfig.Parse("config.json", """{"architectures": ["CLIPTextModel"], "projection_dim": 20}""");

        Assert.Null(ClipTextConfig.Read(json, className: null).ProjectionDim);
        Assert.Equal(20, ClipTextConfig.Read(json, "CLIPTextModelWithProjection").ProjectionDim);
        Assert.Throws<DasAudit.Abstractions.AuditException>(() => ClipTextConfig.Read(json, "T5EncoderModel"));
    }

    private static ClipTextModel Tiny(int eosTokenId)
    {
        var model = new ClipTextModel(
            new ClipTextConfig
            {
                VocabSize = 64,
                HiddenSize = 8,
                IntermediateSize = 16,
                NumHiddenLayers = 1,
                NumAttentionHeads = 2,
                MaxPositionEmbeddings = 6,
                LayerNormEps = 1e-5,
                EosTokenId = eosTokenId,
            }
        );
        DefaultInitialization.Apply(model, seed: 5);
        foreach (var parameter in model.parameters())
            parameter.DetachFromDisposeScope();
        return model;
    }
}
