namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>What encoded conditions are called: the names of diffusers' arguments.</summary>
internal static class ConditionNames
{
    /// <summary>Embeddings of the prompt's tokens, float32 [N, S, D].</summary>
    internal const string Text = "encoder_hidden_states";

    /// <summary>SDXL's pooled embedding of the prompt, float32 [N, W].</summary>
    internal const string PooledText = "text_embeds";

    /// <summary>SDXL's original height and width, crop top and left, target height and width, float32 [N, 6].</summary>
    internal const string TimeIds = "time_ids";

    /// <summary>
    /// What embeddings are multiplied with, float32 [N]: 0 where a row stands for no prompt at all, so that they are
    /// zeros, otherwise 1; may be left out.
    /// </summary>
    internal const string TextFactor = "text_factor";

    /// <summary>The tokens of a text encoder, int64 [N, S], where that is differentiated too.</summary>
    /// <param name="encoder">Its place, from 0.</param>
    internal static string TokenIds(int encoder) => encoder == 0 ? "input_ids" : $"input_ids_{encoder + 1}";
}
