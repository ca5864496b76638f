namespace DasAudit.Adapters.Diffusers.TextEncoders;

/// <summary>A prompt as a text encoder takes it.</summary>
/// <param name="Tokens">Start token, prompt, end token, padding: as many as the tokenizer's length.</param>
/// <param name="Notes">Sentences on what of the prompt the tokens do not hold; mostly none.</param>
internal sealed record TokenizedPrompt(long[] Tokens, IReadOnlyList<string> Notes);
